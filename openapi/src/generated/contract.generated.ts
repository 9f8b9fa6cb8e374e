// Written by scripts/generate.mjs from source/openapi.yaml: do not edit.
import type { OpenApiDocument } from "../open-api-document.ts";

export const contract: OpenApiDocument = {
  "openapi": "3.1.0",
  "info": {
    "title": "Moose",
    "version": "0.1.0",
    "summary": "Ingest events, query aggregations, subscribe to changes.",
    "description": "Errors are RFC 9457 problems (`application/problem+json`) with a `code` from one closed list.\nEvery reply carries `x-request-id`; a sane one that the caller sends is echoed. Each route also answers `OPTIONS`, with 204 and the\nheaders of CORS, and each that answers `GET` also `HEAD`.\n\nNames of request headers are made of letters, digits and `-`: a request with another one, or with control characters in a value, gets\nno answer, and its connection is closed after 10 s.\n\nThe server has no authentication of its own yet. `/audit` and the routes of quarantine are for programs on its own machine, unless\n`http.operators` of the configuration opens them.\n",
    "license": {
      "name": "MIT",
      "identifier": "MIT"
    }
  },
  "servers": [
    {
      "url": "http://127.0.0.1:4000",
      "description": "The server that `moose dev` starts."
    }
  ],
  "security": [],
  "tags": [
    {
      "name": "ingest",
      "description": "Send events."
    },
    {
      "name": "query",
      "description": "Read aggregations."
    },
    {
      "name": "live",
      "description": "Subscribe over WebSocket."
    },
    {
      "name": "quarantine",
      "description": "Events that were refused, and how they go back."
    },
    {
      "name": "operations",
      "description": "Health, metrics and what the server serves."
    },
    {
      "name": "contract",
      "description": "This contract, for programs and people."
    }
  ],
  "paths": {
    "/ingest/{model}": {
      "parameters": [
        {
          "$ref": "#/components/parameters/Model"
        },
        {
          "$ref": "#/components/parameters/RequestId"
        }
      ],
      "post": {
        "operationId": "ingest",
        "summary": "Send events of a model.",
        "description": "One object, an array of objects, or NDJSON. A 2xx means that the accepted rows are durable.\nIn NDJSON a broken line is one rejected row; a JSON body that cannot be read refuses the request.\nA body must arrive at 16 KB/s or more, and a connection that is idle for 10 s is closed. Requests are not pipelined on a connection.\n",
        "tags": [
          "ingest"
        ],
        "parameters": [
          {
            "$ref": "#/components/parameters/Mode"
          },
          {
            "$ref": "#/components/parameters/Quarantine"
          },
          {
            "$ref": "#/components/parameters/IdempotencyKey"
          },
          {
            "$ref": "#/components/parameters/EventIds"
          },
          {
            "$ref": "#/components/parameters/ContentEncoding"
          }
        ],
        "requestBody": {
          "required": true,
          "description": "Events of the model, as many as `http.maxBodyBytes` of the configuration allows (16 MiB).",
          "content": {
            "application/json": {
              "schema": {
                "oneOf": [
                  {
                    "type": "object"
                  },
                  {
                    "type": "array",
                    "items": {
                      "type": "object"
                    }
                  }
                ]
              },
              "examples": {
                "one": {
                  "summary": "One event",
                  "value": {
                    "seenAt": "2026-01-31T08:00:00.000Z",
                    "origin": "SFO",
                    "delay": 12
                  }
                },
                "several": {
                  "summary": "Several events",
                  "value": [
                    {
                      "seenAt": "2026-01-31T08:00:00.000Z",
                      "origin": "SFO",
                      "delay": 12
                    },
                    {
                      "seenAt": "2026-01-31T08:00:01.000Z",
                      "origin": "JFK",
                      "delay": 0
                    }
                  ]
                }
              }
            },
            "application/x-ndjson": {
              "schema": {
                "type": "string",
                "description": "One JSON object a line."
              },
              "example": "{\"seenAt\":\"2026-01-31T08:00:00.000Z\",\"origin\":\"SFO\",\"delay\":12}\n{\"seenAt\":\"2026-01-31T08:00:01.000Z\",\"origin\":\"JFK\",\"delay\":0}\n"
            }
          }
        },
        "responses": {
          "200": {
            "description": "Every row was accepted.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/IngestResult"
                },
                "example": {
                  "accepted": 2,
                  "rejected": 0,
                  "duplicates": 0,
                  "errors": [],
                  "errorsTruncated": false,
                  "position": "p1.eyJGbGlnaHQuMS4wIjpbNF19"
                }
              }
            }
          },
          "207": {
            "description": "Some rows were rejected.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/IngestResult"
                },
                "example": {
                  "accepted": 1,
                  "rejected": 1,
                  "duplicates": 0,
                  "errors": [
                    {
                      "row": 1,
                      "path": "/delay",
                      "code": "wrong_type",
                      "expected": "an integer from -32768 to 32767",
                      "got": "\"late\""
                    }
                  ],
                  "errorsTruncated": false,
                  "position": "p1.eyJGbGlnaHQuMS4wIjpbNF19"
                }
              }
            }
          },
          "400": {
            "$ref": "#/components/responses/Malformed"
          },
          "404": {
            "$ref": "#/components/responses/NotFound"
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
          },
          "413": {
            "$ref": "#/components/responses/TooLarge"
          },
          "415": {
            "$ref": "#/components/responses/UnsupportedMediaType"
          },
          "422": {
            "description": "No row was accepted, or the idempotency key was used for another body.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              }
            },
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/IngestProblem"
                },
                "examples": {
                  "rejected": {
                    "summary": "No row fits the model",
                    "value": {
                      "type": "urn:moose:problem:rows_rejected",
                      "title": "Rows rejected",
                      "status": 422,
                      "code": "rows_rejected",
                      "detail": "No row was stored: 1 rejected. See errors.",
                      "requestId": "7Qm2yQxv-1f",
                      "accepted": 0,
                      "rejected": 1,
                      "duplicates": 0,
                      "errors": [
                        {
                          "row": 0,
                          "path": "/origin",
                          "code": "missing_field",
                          "expected": "a string",
                          "got": ""
                        }
                      ],
                      "errorsTruncated": false,
                      "position": "p1.e30"
                    }
                  },
                  "reused": {
                    "summary": "The key was used for another body",
                    "value": {
                      "type": "urn:moose:problem:idempotency_key_reused",
                      "title": "Idempotency key reused",
                      "status": 422,
                      "code": "idempotency_key_reused",
                      "detail": "The idempotency key \"42\" was used for another body, model or mode. Use a new key for a new request.",
                      "requestId": "7Qm2yQxv-1f"
                    }
                  }
                }
              }
            }
          },
          "500": {
            "$ref": "#/components/responses/Failed"
          },
          "503": {
            "$ref": "#/components/responses/Unavailable"
          }
        }
      }
    },
    "/ingest/{model}/{version}": {
      "parameters": [
        {
          "$ref": "#/components/parameters/Model"
        },
        {
          "$ref": "#/components/parameters/Version"
        },
        {
          "$ref": "#/components/parameters/RequestId"
        }
      ],
      "post": {
        "operationId": "ingestVersion",
        "summary": "Send events of one version of a model.",
        "description": "As without the version, which is the newest; another one is unknown.",
        "tags": [
          "ingest"
        ],
        "parameters": [
          {
            "$ref": "#/components/parameters/Mode"
          },
          {
            "$ref": "#/components/parameters/Quarantine"
          },
          {
            "$ref": "#/components/parameters/IdempotencyKey"
          },
          {
            "$ref": "#/components/parameters/EventIds"
          },
          {
            "$ref": "#/components/parameters/ContentEncoding"
          }
        ],
        "requestBody": {
          "required": true,
          "description": "Events of the model, as many as `http.maxBodyBytes` of the configuration allows (16 MiB).",
          "content": {
            "application/json": {
              "schema": {
                "oneOf": [
                  {
                    "type": "object"
                  },
                  {
                    "type": "array",
                    "items": {
                      "type": "object"
                    }
                  }
                ]
              },
              "examples": {
                "one": {
                  "summary": "One event",
                  "value": {
                    "seenAt": "2026-01-31T08:00:00.000Z",
                    "origin": "SFO",
                    "delay": 12
                  }
                },
                "several": {
                  "summary": "Several events",
                  "value": [
                    {
                      "seenAt": "2026-01-31T08:00:00.000Z",
                      "origin": "SFO",
                      "delay": 12
                    },
                    {
                      "seenAt": "2026-01-31T08:00:01.000Z",
                      "origin": "JFK",
                      "delay": 0
                    }
                  ]
                }
              }
            },
            "application/x-ndjson": {
              "schema": {
                "type": "string",
                "description": "One JSON object a line."
              },
              "example": "{\"seenAt\":\"2026-01-31T08:00:00.000Z\",\"origin\":\"SFO\",\"delay\":12}\n{\"seenAt\":\"2026-01-31T08:00:01.000Z\",\"origin\":\"JFK\",\"delay\":0}\n"
            }
          }
        },
        "responses": {
          "200": {
            "description": "Every row was accepted.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/IngestResult"
                },
                "example": {
                  "accepted": 2,
                  "rejected": 0,
                  "duplicates": 0,
                  "errors": [],
                  "errorsTruncated": false,
                  "position": "p1.eyJGbGlnaHQuMS4wIjpbNF19"
                }
              }
            }
          },
          "207": {
            "description": "Some rows were rejected.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/IngestResult"
                },
                "example": {
                  "accepted": 1,
                  "rejected": 1,
                  "duplicates": 0,
                  "errors": [
                    {
                      "row": 1,
                      "path": "/delay",
                      "code": "wrong_type",
                      "expected": "an integer from -32768 to 32767",
                      "got": "\"late\""
                    }
                  ],
                  "errorsTruncated": false,
                  "position": "p1.eyJGbGlnaHQuMS4wIjpbNF19"
                }
              }
            }
          },
          "400": {
            "$ref": "#/components/responses/Malformed"
          },
          "404": {
            "$ref": "#/components/responses/NotFound"
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
          },
          "413": {
            "$ref": "#/components/responses/TooLarge"
          },
          "415": {
            "$ref": "#/components/responses/UnsupportedMediaType"
          },
          "422": {
            "description": "No row was accepted, or the idempotency key was used for another body.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              }
            },
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/IngestProblem"
                },
                "examples": {
                  "rejected": {
                    "summary": "No row fits the model",
                    "value": {
                      "type": "urn:moose:problem:rows_rejected",
                      "title": "Rows rejected",
                      "status": 422,
                      "code": "rows_rejected",
                      "detail": "No row was stored: 1 rejected. See errors.",
                      "requestId": "7Qm2yQxv-1f",
                      "accepted": 0,
                      "rejected": 1,
                      "duplicates": 0,
                      "errors": [
                        {
                          "row": 0,
                          "path": "/origin",
                          "code": "missing_field",
                          "expected": "a string",
                          "got": ""
                        }
                      ],
                      "errorsTruncated": false,
                      "position": "p1.e30"
                    }
                  },
                  "reused": {
                    "summary": "The key was used for another body",
                    "value": {
                      "type": "urn:moose:problem:idempotency_key_reused",
                      "title": "Idempotency key reused",
                      "status": 422,
                      "code": "idempotency_key_reused",
                      "detail": "The idempotency key \"42\" was used for another body, model or mode. Use a new key for a new request.",
                      "requestId": "7Qm2yQxv-1f"
                    }
                  }
                }
              }
            }
          },
          "500": {
            "$ref": "#/components/responses/Failed"
          },
          "503": {
            "$ref": "#/components/responses/Unavailable"
          }
        }
      }
    },
    "/query/{name}": {
      "parameters": [
        {
          "$ref": "#/components/parameters/Name"
        },
        {
          "$ref": "#/components/parameters/RequestId"
        }
      ],
      "get": {
        "operationId": "query",
        "summary": "Query an aggregation by URL parameters.",
        "description": "A position that names many streams may be too long for a URL; ask by POST then.",
        "tags": [
          "query"
        ],
        "parameters": [
          {
            "$ref": "#/components/parameters/Dimensions"
          },
          {
            "$ref": "#/components/parameters/Measures"
          },
          {
            "$ref": "#/components/parameters/Filters"
          },
          {
            "$ref": "#/components/parameters/Grain"
          },
          {
            "$ref": "#/components/parameters/Grains"
          },
          {
            "$ref": "#/components/parameters/OrderBy"
          },
          {
            "$ref": "#/components/parameters/Limit"
          },
          {
            "$ref": "#/components/parameters/Offset"
          },
          {
            "$ref": "#/components/parameters/Timezone"
          },
          {
            "$ref": "#/components/parameters/After"
          }
        ],
        "responses": {
          "200": {
            "description": "The result, in the format that `Accept` names; JSON when it names none of these.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              },
              "x-moose-position": {
                "$ref": "#/components/headers/Position"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/QueryResult"
                },
                "example": {
                  "columns": [
                    {
                      "name": "minute",
                      "type": "DateTime64(0, 'UTC')"
                    },
                    {
                      "name": "flights",
                      "type": "UInt64"
                    }
                  ],
                  "rows": [
                    [
                      "2026-01-31 08:00:00",
                      "2"
                    ]
                  ],
                  "statistics": {
                    "elapsedMs": 4.2,
                    "rowsRead": 1,
                    "bytesRead": 40
                  },
                  "position": "p1.eyJGbGlnaHQuMS4wIjpbNF19"
                }
              },
              "application/x-ndjson": {
                "schema": {
                  "type": "string",
                  "description": "One JSON object a line."
                },
                "example": "{\"minute\":\"2026-01-31 08:00:00\",\"flights\":\"2\"}\n"
              },
              "text/csv": {
                "schema": {
                  "type": "string",
                  "description": "CSV with a line of column names."
                },
                "example": "\"minute\",\"flights\"\n\"2026-01-31 08:00:00\",2\n"
              },
              "application/vnd.apache.arrow.stream": {
                "schema": {
                  "type": "string",
                  "contentMediaType": "application/vnd.apache.arrow.stream",
                  "description": "Arrow IPC stream."
                }
              }
            }
          },
          "400": {
            "$ref": "#/components/responses/Malformed"
          },
          "404": {
            "$ref": "#/components/responses/NotFound"
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
          },
          "500": {
            "$ref": "#/components/responses/Failed"
          },
          "503": {
            "$ref": "#/components/responses/Unavailable"
          },
          "504": {
            "$ref": "#/components/responses/Timeout"
          }
        }
      },
      "post": {
        "operationId": "queryByBody",
        "summary": "Query an aggregation by a JSON body.",
        "description": "The body holds what the URL parameters say, with filters by dimension and operator. At most 1 MiB.",
        "tags": [
          "query"
        ],
        "parameters": [
          {
            "$ref": "#/components/parameters/ContentEncoding"
          }
        ],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {
                "$ref": "#/components/schemas/QueryBody"
              },
              "example": {
                "dimensions": [
                  "minute"
                ],
                "measures": [
                  "flights"
                ],
                "filters": {
                  "origin": "SFO",
                  "minute": {
                    "gte": "2026-01-31T00:00:00Z"
                  }
                },
                "grain": "hour",
                "orderBy": [
                  "-flights"
                ],
                "limit": 100
              }
            }
          }
        },
        "responses": {
          "200": {
            "description": "The result, in the format that `Accept` names; JSON when it names none of these.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              },
              "x-moose-position": {
                "$ref": "#/components/headers/Position"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/QueryResult"
                },
                "example": {
                  "columns": [
                    {
                      "name": "minute",
                      "type": "DateTime64(0, 'UTC')"
                    },
                    {
                      "name": "flights",
                      "type": "UInt64"
                    }
                  ],
                  "rows": [
                    [
                      "2026-01-31 08:00:00",
                      "2"
                    ]
                  ],
                  "statistics": {
                    "elapsedMs": 4.2,
                    "rowsRead": 1,
                    "bytesRead": 40
                  },
                  "position": "p1.eyJGbGlnaHQuMS4wIjpbNF19"
                }
              },
              "application/x-ndjson": {
                "schema": {
                  "type": "string",
                  "description": "One JSON object a line."
                },
                "example": "{\"minute\":\"2026-01-31 08:00:00\",\"flights\":\"2\"}\n"
              },
              "text/csv": {
                "schema": {
                  "type": "string",
                  "description": "CSV with a line of column names."
                },
                "example": "\"minute\",\"flights\"\n\"2026-01-31 08:00:00\",2\n"
              },
              "application/vnd.apache.arrow.stream": {
                "schema": {
                  "type": "string",
                  "contentMediaType": "application/vnd.apache.arrow.stream",
                  "description": "Arrow IPC stream."
                }
              }
            }
          },
          "400": {
            "$ref": "#/components/responses/Malformed"
          },
          "404": {
            "$ref": "#/components/responses/NotFound"
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
          },
          "413": {
            "$ref": "#/components/responses/TooLarge"
          },
          "415": {
            "$ref": "#/components/responses/UnsupportedMediaType"
          },
          "500": {
            "$ref": "#/components/responses/Failed"
          },
          "503": {
            "$ref": "#/components/responses/Unavailable"
          },
          "504": {
            "$ref": "#/components/responses/Timeout"
          }
        }
      }
    },
    "/live": {
      "parameters": [
        {
          "$ref": "#/components/parameters/RequestId"
        }
      ],
      "get": {
        "operationId": "live",
        "summary": "Open a live connection.",
        "description": "WebSocket, subprotocol `moose.live.v1`; JSON text messages, many subscriptions a socket. `/asyncapi.json` describes the messages.\nMessages are at most 64 KiB from the client; a browser's `Origin` must be one of the configured origins.\n",
        "tags": [
          "live"
        ],
        "responses": {
          "101": {
            "description": "The connection speaks `moose.live.v1` from here on."
          },
          "400": {
            "$ref": "#/components/responses/Malformed"
          },
          "403": {
            "$ref": "#/components/responses/Forbidden"
          },
          "404": {
            "$ref": "#/components/responses/NotFound"
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
          },
          "426": {
            "$ref": "#/components/responses/UpgradeRequired"
          },
          "503": {
            "$ref": "#/components/responses/Unavailable"
          }
        }
      }
    },
    "/quarantine": {
      "parameters": [
        {
          "$ref": "#/components/parameters/RequestId"
        }
      ],
      "get": {
        "operationId": "listQuarantine",
        "summary": "Entries of quarantine, a page at a time.",
        "description": "Waits up to 3 s for the table to have the newest entries; `behind` says when it does not have them yet.",
        "tags": [
          "quarantine"
        ],
        "parameters": [
          {
            "name": "model",
            "in": "query",
            "description": "Entries of this model.",
            "schema": {
              "type": "string"
            },
            "example": "Flight"
          },
          {
            "name": "source",
            "in": "query",
            "description": "Entries that this part refused.",
            "schema": {
              "$ref": "#/components/schemas/Source"
            },
            "example": "ingest"
          },
          {
            "name": "code",
            "in": "query",
            "description": "Entries with this reason.",
            "schema": {
              "type": "string"
            },
            "example": "wrong_type"
          },
          {
            "name": "by",
            "in": "query",
            "description": "Entries of this function.",
            "schema": {
              "type": "string"
            },
            "example": "enrich"
          },
          {
            "name": "since",
            "in": "query",
            "description": "Entries made at this time or later.",
            "schema": {
              "type": "string",
              "format": "date-time"
            },
            "example": "2026-01-31T08:00:00Z"
          },
          {
            "name": "until",
            "in": "query",
            "description": "Entries made before this time.",
            "schema": {
              "type": "string",
              "format": "date-time"
            },
            "example": "2030-01-31T08:00:00Z"
          },
          {
            "name": "replayed",
            "in": "query",
            "description": "`true`: entries that went back; `false`: those that did not; absent: both.",
            "schema": {
              "type": "boolean"
            },
            "example": false
          },
          {
            "name": "order",
            "in": "query",
            "description": "Which come first.",
            "schema": {
              "type": "string",
              "enum": [
                "newest",
                "oldest"
              ],
              "default": "newest"
            },
            "example": "oldest"
          },
          {
            "name": "limit",
            "in": "query",
            "description": "Entries on the page.",
            "schema": {
              "type": "integer",
              "minimum": 1,
              "maximum": 1000,
              "default": 100
            },
            "example": 10
          },
          {
            "name": "after",
            "in": "query",
            "description": "The `next` of the page before.",
            "schema": {
              "type": "string",
              "pattern": "^[0-9]{1,15}-[0-9a-f]{24}$"
            },
            "example": "1769846400000-0123456789abcdef01234567"
          }
        ],
        "responses": {
          "200": {
            "description": "The page.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              },
              "cache-control": {
                "$ref": "#/components/headers/CacheControl"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/EntryPage"
                },
                "example": {
                  "entries": [
                    {
                      "id": "0123456789abcdef01234567",
                      "model": "Flight",
                      "version": "1.0",
                      "stream": "Flight.1.0",
                      "source": "ingest",
                      "by": "",
                      "code": "wrong_type",
                      "reason": "/delay: an integer from -32768 to 32767, not \"late\"",
                      "partition": null,
                      "offset": null,
                      "bytes": 64,
                      "receivedAt": "2026-01-31T08:00:00.000Z",
                      "quarantinedAt": "2026-01-31T08:00:00.012Z",
                      "replayedAt": null
                    }
                  ],
                  "total": 1,
                  "behind": false
                }
              }
            },
            "links": {
              "first": {
                "operationId": "showQuarantine",
                "parameters": {
                  "id": "$response.body#/entries/0/id"
                },
                "description": "The first entry, whole."
              },
              "back": {
                "operationId": "replayQuarantine",
                "requestBody": {
                  "ids": [
                    "{$response.body#/entries/0/id}"
                  ],
                  "dryRun": true
                },
                "description": "What would become of the first entry."
              }
            }
          },
          "400": {
            "$ref": "#/components/responses/Malformed"
          },
          "403": {
            "$ref": "#/components/responses/Forbidden"
          },
          "404": {
            "$ref": "#/components/responses/NotFound"
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
          },
          "500": {
            "$ref": "#/components/responses/Failed"
          },
          "503": {
            "$ref": "#/components/responses/Unavailable"
          },
          "504": {
            "$ref": "#/components/responses/Timeout"
          }
        }
      }
    },
    "/quarantine/{id}": {
      "parameters": [
        {
          "name": "id",
          "in": "path",
          "required": true,
          "description": "The id of an entry.",
          "schema": {
            "$ref": "#/components/schemas/EntryId"
          },
          "example": "0123456789abcdef01234567"
        },
        {
          "$ref": "#/components/parameters/RequestId"
        }
      ],
      "get": {
        "operationId": "showQuarantine",
        "summary": "One entry with its original event, its violations and its stack.",
        "tags": [
          "quarantine"
        ],
        "responses": {
          "200": {
            "description": "The entry.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              },
              "cache-control": {
                "$ref": "#/components/headers/CacheControl"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Entry"
                },
                "example": {
                  "id": "0123456789abcdef01234567",
                  "model": "Flight",
                  "version": "1.0",
                  "stream": "Flight.1.0",
                  "source": "ingest",
                  "by": "",
                  "code": "wrong_type",
                  "reason": "/delay: an integer from -32768 to 32767, not \"late\"",
                  "partition": null,
                  "offset": null,
                  "bytes": 64,
                  "receivedAt": "2026-01-31T08:00:00.000Z",
                  "quarantinedAt": "2026-01-31T08:00:00.012Z",
                  "replayedAt": null,
                  "errors": [
                    {
                      "path": "/delay",
                      "code": "wrong_type",
                      "expected": "an integer from -32768 to 32767",
                      "got": "\"late\""
                    }
                  ],
                  "stack": "",
                  "lastOffset": null,
                  "encoding": "utf8",
                  "event": "{\"seenAt\":\"2026-01-31T08:00:00.000Z\",\"origin\":\"SFO\",\"delay\":\"late\"}"
                }
              }
            }
          },
          "400": {
            "$ref": "#/components/responses/Malformed"
          },
          "403": {
            "$ref": "#/components/responses/Forbidden"
          },
          "404": {
            "$ref": "#/components/responses/NotFound"
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
          },
          "500": {
            "$ref": "#/components/responses/Failed"
          },
          "503": {
            "$ref": "#/components/responses/Unavailable"
          },
          "504": {
            "$ref": "#/components/responses/Timeout"
          }
        }
      }
    },
    "/quarantine/replay": {
      "parameters": [
        {
          "$ref": "#/components/parameters/RequestId"
        }
      ],
      "post": {
        "operationId": "replayQuarantine",
        "summary": "Puts entries back through ingest validation, each once.",
        "description": "Events that ingest or the table refused go to their model's stream, those of a function to that function's input. An entry that went\nback is marked, and asking again does nothing, also after a crash in between.\nWith 503 some may have gone back already: ask again.\n",
        "tags": [
          "quarantine"
        ],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {
                "$ref": "#/components/schemas/ReplayRequest"
              },
              "example": {
                "ids": [
                  "0123456789abcdef01234567"
                ],
                "dryRun": true
              }
            }
          }
        },
        "responses": {
          "200": {
            "description": "What became of each entry.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              },
              "cache-control": {
                "$ref": "#/components/headers/CacheControl"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/ReplayReport"
                },
                "example": {
                  "results": [
                    {
                      "id": "0123456789abcdef01234567",
                      "outcome": "replayed"
                    }
                  ]
                }
              }
            }
          },
          "400": {
            "$ref": "#/components/responses/Malformed"
          },
          "403": {
            "$ref": "#/components/responses/Forbidden"
          },
          "404": {
            "$ref": "#/components/responses/NotFound"
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
          },
          "413": {
            "$ref": "#/components/responses/TooLarge"
          },
          "415": {
            "$ref": "#/components/responses/UnsupportedMediaType"
          },
          "500": {
            "$ref": "#/components/responses/Failed"
          },
          "503": {
            "$ref": "#/components/responses/Unavailable"
          },
          "504": {
            "$ref": "#/components/responses/Timeout"
          }
        }
      }
    },
    "/health/live": {
      "parameters": [
        {
          "$ref": "#/components/parameters/RequestId"
        }
      ],
      "get": {
        "operationId": "healthLive",
        "summary": "Whether the process answers.",
        "description": "Looks at nothing else. For a supervisor that restarts what hangs.",
        "tags": [
          "operations"
        ],
        "responses": {
          "200": {
            "description": "It does.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              },
              "cache-control": {
                "$ref": "#/components/headers/CacheControl"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Liveness"
                },
                "example": {
                  "status": "ok"
                }
              }
            }
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
          }
        }
      }
    },
    "/health/ready": {
      "parameters": [
        {
          "$ref": "#/components/parameters/RequestId"
        }
      ],
      "get": {
        "operationId": "healthReady",
        "summary": "Whether the server can do its work.",
        "description": "Asks each dependency, for at most 2 s. For a load balancer.",
        "tags": [
          "operations"
        ],
        "responses": {
          "200": {
            "description": "Every dependency answers.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              },
              "cache-control": {
                "$ref": "#/components/headers/CacheControl"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Readiness"
                },
                "example": {
                  "status": "ok",
                  "checks": {
                    "log": {
                      "ok": true
                    },
                    "database": {
                      "ok": true
                    }
                  }
                }
              }
            }
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
          },
          "503": {
            "description": "A dependency fails, or the server is about to stop; the body names it.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              },
              "cache-control": {
                "$ref": "#/components/headers/CacheControl"
              },
              "retry-after": {
                "$ref": "#/components/headers/RetryAfterRequired"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Readiness"
                },
                "example": {
                  "status": "failing",
                  "checks": {
                    "log": {
                      "ok": true
                    },
                    "database": {
                      "ok": false,
                      "detail": "does not answer"
                    }
                  }
                }
              }
            }
          }
        }
      }
    },
    "/metrics": {
      "parameters": [
        {
          "$ref": "#/components/parameters/RequestId"
        }
      ],
      "get": {
        "operationId": "metrics",
        "summary": "Counters and histograms for Prometheus.",
        "tags": [
          "operations"
        ],
        "responses": {
          "200": {
            "description": "The metrics, in Prometheus' text format.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              }
            },
            "content": {
              "text/plain": {
                "schema": {
                  "type": "string"
                },
                "example": "# HELP moose_http_requests_total Requests by route and status\n# TYPE moose_http_requests_total counter\nmoose_http_requests_total{route=\"/ingest/{model}\",status=\"200\"} 2\n"
              }
            }
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
          }
        }
      }
    },
    "/openapi.json": {
      "parameters": [
        {
          "$ref": "#/components/parameters/RequestId"
        }
      ],
      "get": {
        "operationId": "openapi",
        "summary": "This contract with the models and aggregations of the project.",
        "tags": [
          "contract"
        ],
        "responses": {
          "200": {
            "description": "An OpenAPI 3.1 document.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": [
                    "openapi",
                    "info",
                    "paths"
                  ],
                  "properties": {
                    "openapi": {
                      "type": "string",
                      "pattern": "^3\\.1\\."
                    },
                    "info": {
                      "type": "object"
                    },
                    "paths": {
                      "type": "object"
                    }
                  }
                },
                "example": {
                  "openapi": "3.1.0",
                  "info": {
                    "title": "Moose",
                    "version": "0.1.0"
                  },
                  "paths": {}
                }
              }
            }
          },
          "404": {
            "$ref": "#/components/responses/NotFound"
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
          }
        }
      }
    },
    "/asyncapi.json": {
      "parameters": [
        {
          "$ref": "#/components/parameters/RequestId"
        }
      ],
      "get": {
        "operationId": "asyncapi",
        "summary": "The contract of the WebSocket `/live`.",
        "tags": [
          "contract"
        ],
        "responses": {
          "200": {
            "description": "An AsyncAPI 3 document.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "required": [
                    "asyncapi",
                    "info",
                    "channels"
                  ],
                  "properties": {
                    "asyncapi": {
                      "type": "string",
                      "pattern": "^3\\.0\\."
                    },
                    "info": {
                      "type": "object"
                    },
                    "channels": {
                      "type": "object"
                    }
                  }
                },
                "example": {
                  "asyncapi": "3.0.0",
                  "info": {
                    "title": "Moose live",
                    "version": "0.1.0"
                  },
                  "channels": {}
                }
              }
            }
          },
          "404": {
            "$ref": "#/components/responses/NotFound"
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
          }
        }
      }
    },
    "/docs": {
      "parameters": [
        {
          "$ref": "#/components/parameters/RequestId"
        }
      ],
      "get": {
        "operationId": "docs",
        "summary": "This contract as a page to browse.",
        "description": "The page and all that it loads come from this server; it works without the internet.",
        "tags": [
          "contract"
        ],
        "responses": {
          "200": {
            "description": "The page.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              },
              "cache-control": {
                "$ref": "#/components/headers/Revalidate"
              },
              "etag": {
                "$ref": "#/components/headers/EntityTag"
              },
              "content-security-policy": {
                "$ref": "#/components/headers/ContentSecurityPolicy"
              }
            },
            "content": {
              "text/html": {
                "schema": {
                  "type": "string"
                },
                "example": "<!doctype html>"
              }
            }
          },
          "304": {
            "description": "The caller has it already, as `If-None-Match` says.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              },
              "cache-control": {
                "$ref": "#/components/headers/Revalidate"
              },
              "etag": {
                "$ref": "#/components/headers/EntityTag"
              },
              "content-security-policy": {
                "$ref": "#/components/headers/ContentSecurityPolicy"
              }
            }
          },
          "404": {
            "$ref": "#/components/responses/NotFound"
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
          }
        }
      }
    },
    "/docs/{file}": {
      "parameters": [
        {
          "$ref": "#/components/parameters/RequestId"
        },
        {
          "name": "file",
          "in": "path",
          "required": true,
          "description": "A file that the page loads.",
          "schema": {
            "type": "string",
            "minLength": 1
          },
          "example": "swagger-ui.css"
        }
      ],
      "get": {
        "operationId": "docsFile",
        "summary": "What the page loads.",
        "tags": [
          "contract"
        ],
        "responses": {
          "200": {
            "description": "The file; compressed when `Accept-Encoding` names gzip.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              },
              "cache-control": {
                "$ref": "#/components/headers/Revalidate"
              },
              "etag": {
                "$ref": "#/components/headers/EntityTag"
              },
              "content-security-policy": {
                "$ref": "#/components/headers/ContentSecurityPolicy"
              }
            },
            "content": {
              "text/javascript": {
                "schema": {
                  "type": "string"
                }
              },
              "text/css": {
                "schema": {
                  "type": "string"
                }
              },
              "text/plain": {
                "schema": {
                  "type": "string"
                }
              }
            }
          },
          "304": {
            "description": "The caller has it already, as `If-None-Match` says.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              },
              "cache-control": {
                "$ref": "#/components/headers/Revalidate"
              },
              "etag": {
                "$ref": "#/components/headers/EntityTag"
              },
              "content-security-policy": {
                "$ref": "#/components/headers/ContentSecurityPolicy"
              }
            }
          },
          "404": {
            "$ref": "#/components/responses/NotFound"
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
          }
        }
      }
    },
    "/audit": {
      "parameters": [
        {
          "$ref": "#/components/parameters/RequestId"
        }
      ],
      "get": {
        "operationId": "audit",
        "summary": "Proves that what was acknowledged is in its table, or in quarantine, once.",
        "description": "Waits until what was acknowledged before the call is delivered, then compares offsets: those of the stream, of the table and of quarantine,\nfor each model and partition; and each aggregation with a recomputation from its model's table. It reads whole tables: not for a health check.\n",
        "tags": [
          "operations"
        ],
        "parameters": [
          {
            "name": "wait",
            "in": "query",
            "description": "How long the table writer may take to deliver what was acknowledged. Seconds.",
            "schema": {
              "type": "integer",
              "minimum": 0,
              "maximum": 600,
              "default": 30
            },
            "example": 5
          }
        ],
        "responses": {
          "200": {
            "description": "The account; `ok` says whether everything is accounted for.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              },
              "cache-control": {
                "$ref": "#/components/headers/CacheControl"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/AuditReport"
                },
                "example": {
                  "ok": true,
                  "tookMs": 41,
                  "models": [
                    {
                      "model": "Flight",
                      "table": "Flight",
                      "partitions": [
                        {
                          "stream": "Flight.1.0",
                          "partition": 0,
                          "acknowledged": 4,
                          "streamStart": 0,
                          "streamEnd": 4,
                          "absent": 0,
                          "unknownToStream": 0,
                          "inTable": 4,
                          "quarantined": 0,
                          "waiting": 0,
                          "doubled": 0,
                          "missing": 0,
                          "missingRanges": []
                        }
                      ]
                    }
                  ],
                  "aggregations": [
                    {
                      "aggregation": "FlightsByMinute",
                      "rows": 1,
                      "different": 0
                    }
                  ],
                  "functions": [
                    {
                      "function": "delayed-flights",
                      "stream": "Flight.1.0",
                      "partition": 0,
                      "begin": 0,
                      "committed": 4,
                      "waiting": 0,
                      "taken": 4,
                      "emitting": 1,
                      "filtered": 3,
                      "quarantined": 0,
                      "unreadable": 0,
                      "absent": 0,
                      "refused": 0,
                      "emitted": {
                        "DelayedFlight.1.0": 1
                      },
                      "inQuarantine": 0,
                      "doubledInQuarantine": 0
                    }
                  ],
                  "groups": [
                    {
                      "group": "writer",
                      "stream": "Flight.1.0",
                      "partition": 0,
                      "committed": 4,
                      "behind": 0
                    }
                  ],
                  "mistakes": []
                }
              }
            }
          },
          "400": {
            "$ref": "#/components/responses/Malformed"
          },
          "403": {
            "$ref": "#/components/responses/Forbidden"
          },
          "404": {
            "$ref": "#/components/responses/NotFound"
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
          },
          "500": {
            "$ref": "#/components/responses/Failed"
          },
          "503": {
            "$ref": "#/components/responses/Unavailable"
          },
          "504": {
            "$ref": "#/components/responses/Timeout"
          }
        }
      }
    },
    "/catalog": {
      "parameters": [
        {
          "$ref": "#/components/parameters/RequestId"
        }
      ],
      "get": {
        "operationId": "catalog",
        "summary": "Models, aggregations and their lineage.",
        "description": "With the compiled schema program of each model, for clients that load their models when they start.",
        "tags": [
          "operations"
        ],
        "responses": {
          "200": {
            "description": "What the server serves now.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "access-control-allow-origin": {
                "$ref": "#/components/headers/AllowOrigin"
              },
              "access-control-expose-headers": {
                "$ref": "#/components/headers/ExposeHeaders"
              },
              "vary": {
                "$ref": "#/components/headers/Vary"
              },
              "cache-control": {
                "$ref": "#/components/headers/CacheControl"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Catalog"
                },
                "example": {
                  "revision": 1,
                  "models": [
                    {
                      "name": "Flight",
                      "version": "1.0",
                      "stream": "Flight.1.0",
                      "table": "Flight",
                      "schemaId": "5f0c9d1e2b3a4c5d",
                      "program": "TVNQMQ==",
                      "system": false,
                      "endOffsets": [
                        4
                      ],
                      "spec": {
                        "name": "Flight",
                        "version": "1.0",
                        "extra": "reject",
                        "fields": []
                      }
                    }
                  ],
                  "aggregations": [
                    {
                      "name": "FlightsByMinute",
                      "from": "Flight",
                      "table": "FlightsByMinute",
                      "spec": {
                        "name": "FlightsByMinute"
                      }
                    }
                  ],
                  "lineage": [
                    {
                      "from": "model:Flight",
                      "to": "stream:Flight.1.0"
                    }
                  ]
                }
              }
            }
          },
          "404": {
            "$ref": "#/components/responses/NotFound"
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
          }
        }
      }
    }
  },
  "components": {
    "parameters": {
      "Model": {
        "name": "model",
        "in": "path",
        "required": true,
        "description": "The exact name of a data model.",
        "schema": {
          "type": "string",
          "minLength": 1
        },
        "example": "Flight"
      },
      "RequestId": {
        "name": "X-Request-Id",
        "in": "header",
        "description": "Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.",
        "schema": {
          "type": "string"
        },
        "example": "checkout-42"
      },
      "Mode": {
        "name": "mode",
        "in": "query",
        "description": "`partial`: good rows go through. `atomic`: all rows or none. `dry-run`: validate only, store nothing.",
        "schema": {
          "type": "string",
          "enum": [
            "partial",
            "atomic",
            "dry-run"
          ],
          "default": "partial"
        },
        "example": "atomic"
      },
      "Quarantine": {
        "name": "quarantine",
        "in": "query",
        "description": "Whether refused rows are kept in quarantine, with their original bytes. Absent: as the model's option `quarantine` says, or else `ingest.quarantine` of the configuration.",
        "schema": {
          "type": "boolean"
        },
        "example": true
      },
      "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The same key within 24 hours gives the same answer and stores nothing twice; with another body, model or mode it is refused.\n1 to 255 visible ASCII characters; an empty value is as none.\n",
        "schema": {
          "type": "string",
          "maxLength": 255,
          "pattern": "^[!-~]*$"
        },
        "example": "0199f2a4-5b7c-7d3e-8f10-2a4b6c8d0e1f"
      },
      "EventIds": {
        "name": "Moose-Event-Ids",
        "in": "header",
        "description": "`<producer>;<ranges>`: who sends, in 16 to 64 letters, digits, `-` and `_`, and the sequence number of each row of the body, in order and\nascending, such as `100-149,152`. A row whose number was stored before, of this producer and model within 24 hours, in whatever batch,\nis counted in `duplicates` and not stored again. An empty value is as none.\n",
        "schema": {
          "type": "string",
          "maxLength": 2048,
          "pattern": "^([A-Za-z0-9_-]{16,64};[0-9]{1,16}(-[0-9]{1,16})?(,[0-9]{1,16}(-[0-9]{1,16})?)*)?$"
        },
        "example": "0199f2a45b7c7d3e8f10;100"
      },
      "ContentEncoding": {
        "name": "Content-Encoding",
        "in": "header",
        "description": "How the body is compressed; an empty value is as none.",
        "schema": {
          "type": "string",
          "enum": [
            "",
            "identity",
            "gzip",
            "x-gzip",
            "br",
            "deflate"
          ]
        },
        "example": "identity"
      },
      "Version": {
        "name": "version",
        "in": "path",
        "required": true,
        "description": "The exact version of the model.",
        "schema": {
          "type": "string",
          "minLength": 1
        },
        "example": "1.0"
      },
      "Name": {
        "name": "name",
        "in": "path",
        "required": true,
        "description": "The exact name of an aggregation.",
        "schema": {
          "type": "string",
          "minLength": 1
        },
        "example": "FlightsByMinute"
      },
      "Dimensions": {
        "name": "dimensions",
        "in": "query",
        "description": "Dimensions to group by, separated by commas; all when absent.",
        "style": "form",
        "explode": false,
        "schema": {
          "type": "array",
          "items": {
            "type": "string"
          },
          "maxItems": 100,
          "uniqueItems": true
        },
        "example": [
          "minute"
        ]
      },
      "Measures": {
        "name": "measures",
        "in": "query",
        "description": "Measures to compute, separated by commas; all when absent.",
        "style": "form",
        "explode": false,
        "schema": {
          "type": "array",
          "items": {
            "type": "string"
          },
          "maxItems": 100,
          "uniqueItems": true
        },
        "example": [
          "flights"
        ]
      },
      "Filters": {
        "name": "filters",
        "in": "query",
        "description": "Each member is a parameter of its own: `filter.{dimension}=value` (equals) or `filter.{dimension}.{operator}=value`; operators are eq, neq,\nin, gt, gte, lt, lte, between and like. `in` and `between` take values separated by commas. At most 100 conditions.\n",
        "style": "form",
        "explode": true,
        "schema": {
          "type": "object",
          "propertyNames": {
            "pattern": "^filter\\.[^.]"
          },
          "additionalProperties": {
            "type": "string"
          },
          "maxProperties": 100
        },
        "example": {
          "filter.origin": "SFO",
          "filter.delay.gt": "10"
        }
      },
      "Grain": {
        "name": "grain",
        "in": "query",
        "description": "The bucket of all time dimensions.",
        "schema": {
          "$ref": "#/components/schemas/Grain"
        },
        "example": "hour"
      },
      "Grains": {
        "name": "grains",
        "in": "query",
        "description": "Each member is a parameter of its own: `grain.{dimension}=hour`, the bucket of that dimension. Not together with `grain`.",
        "style": "form",
        "explode": true,
        "schema": {
          "type": "object",
          "propertyNames": {
            "pattern": "^grain\\."
          },
          "additionalProperties": {
            "$ref": "#/components/schemas/Grain"
          }
        },
        "example": {
          "grain.minute": "day"
        }
      },
      "OrderBy": {
        "name": "orderBy",
        "in": "query",
        "description": "Columns separated by commas; `-column` for descending.",
        "style": "form",
        "explode": false,
        "schema": {
          "type": "array",
          "items": {
            "type": "string"
          },
          "maxItems": 100
        },
        "example": [
          "-flights"
        ]
      },
      "Limit": {
        "name": "limit",
        "in": "query",
        "description": "Most rows in the reply.",
        "schema": {
          "type": "integer",
          "minimum": 0,
          "maximum": 100000,
          "default": 1000
        },
        "example": 100
      },
      "Offset": {
        "name": "offset",
        "in": "query",
        "description": "Rows to skip.",
        "schema": {
          "type": "integer",
          "minimum": 0,
          "maximum": 10000000,
          "default": 0
        },
        "example": 0
      },
      "Timezone": {
        "name": "timezone",
        "in": "query",
        "description": "IANA name of the time zone of the buckets; UTC when absent.",
        "schema": {
          "type": "string",
          "default": "UTC"
        },
        "example": "Europe/Berlin"
      },
      "After": {
        "name": "after",
        "in": "query",
        "description": "A position; the query waits, up to a limit, until those events are visible.",
        "schema": {
          "$ref": "#/components/schemas/Position"
        },
        "example": "p1.e30"
      }
    },
    "headers": {
      "RequestId": {
        "description": "Names this request in the log of the server.",
        "required": true,
        "schema": {
          "type": "string",
          "minLength": 1,
          "maxLength": 128
        },
        "example": "7Qm2yQxv-1f"
      },
      "AllowOrigin": {
        "description": "For browsers; the origin that may read the reply, or `*`, as `http.corsOrigins` of the configuration says.",
        "schema": {
          "type": "string"
        },
        "example": "https://app.example"
      },
      "ExposeHeaders": {
        "description": "For browsers; the headers of this reply that a page may read. Present when the request named its origin.",
        "schema": {
          "type": "string"
        },
        "example": "x-request-id, x-moose-position, retry-after, etag, allow"
      },
      "Vary": {
        "description": "`Origin`, unless every origin is allowed.",
        "schema": {
          "type": "string"
        },
        "example": "Origin"
      },
      "Allow": {
        "description": "The methods of the route.",
        "required": true,
        "schema": {
          "type": "string"
        },
        "example": "GET, HEAD, OPTIONS"
      },
      "RetryAfterRequired": {
        "description": "Seconds to wait.",
        "required": true,
        "schema": {
          "type": "integer",
          "minimum": 1
        },
        "example": 1
      },
      "Position": {
        "description": "What the result is sure to include.",
        "required": true,
        "schema": {
          "$ref": "#/components/schemas/Position"
        },
        "example": "p1.eyJGbGlnaHQuMS4wIjpbNF19"
      },
      "Upgrade": {
        "description": "The protocol to change to.",
        "required": true,
        "schema": {
          "type": "string",
          "const": "websocket"
        },
        "example": "websocket"
      },
      "CacheControl": {
        "description": "`no-store`: the reply is about this moment.",
        "schema": {
          "type": "string"
        },
        "example": "no-store"
      },
      "Revalidate": {
        "description": "`no-cache`: ask again, with the entity tag.",
        "schema": {
          "type": "string"
        },
        "example": "no-cache"
      },
      "EntityTag": {
        "description": "Names the content; send it as `If-None-Match`.",
        "required": true,
        "schema": {
          "type": "string"
        },
        "example": "\"7Qm2yQxv1f\""
      },
      "ContentSecurityPolicy": {
        "description": "Nothing is loaded from elsewhere.",
        "required": true,
        "schema": {
          "type": "string"
        },
        "example": "default-src 'none'; script-src 'self'"
      }
    },
    "schemas": {
      "RowErrorCode": {
        "type": "string",
        "enum": [
          "invalid_json",
          "invalid_utf8",
          "duplicate_key",
          "too_deep",
          "not_an_object",
          "missing_field",
          "unknown_field",
          "wrong_type",
          "out_of_range",
          "not_integral",
          "too_short",
          "too_long",
          "not_in_enum",
          "invalid_format",
          "precision_loss"
        ]
      },
      "RowError": {
        "type": "object",
        "required": [
          "row",
          "path",
          "code",
          "expected",
          "got"
        ],
        "properties": {
          "row": {
            "type": "integer",
            "minimum": 0,
            "description": "Index of the row in the body, from 0."
          },
          "path": {
            "type": "string",
            "description": "JSON Pointer into the row; empty for the row itself."
          },
          "code": {
            "$ref": "#/components/schemas/RowErrorCode"
          },
          "expected": {
            "type": "string",
            "description": "What would have been accepted, in words."
          },
          "got": {
            "type": "string",
            "description": "The offending text, cut to 100 characters."
          }
        }
      },
      "Position": {
        "type": "string",
        "description": "An opaque token that names a place in the streams. Ingest replies carry one; queries and subscriptions take one as `after`.",
        "maxLength": 8192,
        "examples": [
          "p1.eyJGbGlnaHQuMS4wIjpbNF19"
        ]
      },
      "IngestResult": {
        "type": "object",
        "description": "The verdict on every row. `accepted` rows are durable when the status is 2xx (in `dry-run`, they would have been accepted).",
        "required": [
          "accepted",
          "rejected",
          "duplicates",
          "errors",
          "errorsTruncated",
          "position"
        ],
        "properties": {
          "accepted": {
            "type": "integer",
            "minimum": 0
          },
          "rejected": {
            "type": "integer",
            "minimum": 0
          },
          "duplicates": {
            "type": "integer",
            "minimum": 0,
            "description": "Rows that were stored before, by their event ids."
          },
          "quarantined": {
            "type": "integer",
            "minimum": 0,
            "description": "Rejected rows that are kept in quarantine; present when quarantine was on."
          },
          "errors": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/RowError"
            }
          },
          "errorsTruncated": {
            "type": "boolean",
            "description": "There were more errors than are listed."
          },
          "position": {
            "$ref": "#/components/schemas/Position"
          }
        }
      },
      "ErrorCode": {
        "type": "string",
        "enum": [
          "malformed_body",
          "rows_rejected",
          "body_too_large",
          "unsupported_media_type",
          "unsupported_encoding",
          "invalid_parameter",
          "invalid_query",
          "invalid_message",
          "not_found",
          "method_not_allowed",
          "upgrade_required",
          "unknown_model",
          "unknown_query",
          "unknown_stream",
          "offset_trimmed",
          "unauthorized",
          "forbidden",
          "too_many_requests",
          "limit_exceeded",
          "slow_consumer",
          "idempotency_key_reused",
          "project_invalid",
          "config_invalid",
          "overloaded",
          "after_timeout",
          "query_timeout",
          "log_unavailable",
          "disk_full",
          "port_in_use",
          "data_folder_in_use",
          "fenced",
          "database_unavailable",
          "database_refused",
          "shutting_down",
          "server_unreachable",
          "internal"
        ]
      },
      "Problem": {
        "type": "object",
        "description": "What went wrong, for people (`title`, `detail`) and programs (`code`).",
        "required": [
          "type",
          "title",
          "status",
          "code"
        ],
        "properties": {
          "type": {
            "type": "string",
            "description": "A URI that names the kind of problem."
          },
          "title": {
            "type": "string"
          },
          "status": {
            "type": "integer",
            "minimum": 400,
            "maximum": 599
          },
          "code": {
            "$ref": "#/components/schemas/ErrorCode"
          },
          "detail": {
            "type": "string",
            "description": "What, which value, and what to do."
          },
          "requestId": {
            "type": "string"
          },
          "parameter": {
            "type": "string",
            "description": "The parameter or member that is wrong."
          },
          "path": {
            "type": "string",
            "description": "JSON Pointer into the query that is wrong."
          },
          "offset": {
            "type": "integer",
            "minimum": 0,
            "description": "Byte of the body at which it cannot be read."
          },
          "accepted": {
            "description": "What would be read; in the verdict of an ingest request the number of accepted rows."
          },
          "maxBytes": {
            "type": "integer",
            "minimum": 0,
            "description": "The limit that the body is over."
          },
          "allow": {
            "type": "array",
            "items": {
              "type": "string"
            },
            "description": "The methods of the route."
          },
          "versions": {
            "type": "array",
            "items": {
              "type": "string"
            },
            "description": "The versions of the model that exist."
          },
          "reason": {
            "type": "string",
            "enum": [
              "disk",
              "memory",
              "event_loop",
              "lag"
            ],
            "description": "What the server sheds load for."
          }
        }
      },
      "IngestProblem": {
        "description": "No row was stored; with `rows_rejected` the problem carries the verdict too.",
        "allOf": [
          {
            "$ref": "#/components/schemas/Problem"
          },
          {
            "type": "object",
            "properties": {
              "status": {
                "const": 422
              },
              "code": {
                "enum": [
                  "rows_rejected",
                  "idempotency_key_reused"
                ]
              },
              "accepted": {
                "type": "integer",
                "minimum": 0
              },
              "rejected": {
                "type": "integer",
                "minimum": 0
              },
              "duplicates": {
                "type": "integer",
                "minimum": 0
              },
              "quarantined": {
                "type": "integer",
                "minimum": 0
              },
              "errors": {
                "type": "array",
                "items": {
                  "$ref": "#/components/schemas/RowError"
                }
              },
              "errorsTruncated": {
                "type": "boolean"
              },
              "position": {
                "$ref": "#/components/schemas/Position"
              }
            }
          }
        ]
      },
      "Grain": {
        "type": "string",
        "enum": [
          "second",
          "minute",
          "hour",
          "day",
          "week",
          "month",
          "quarter",
          "year"
        ]
      },
      "Column": {
        "type": "object",
        "required": [
          "name",
          "type"
        ],
        "properties": {
          "name": {
            "type": "string"
          },
          "type": {
            "type": "string",
            "description": "ClickHouse type."
          }
        }
      },
      "Statistics": {
        "type": "object",
        "required": [
          "elapsedMs",
          "rowsRead",
          "bytesRead"
        ],
        "properties": {
          "elapsedMs": {
            "type": "number"
          },
          "rowsRead": {
            "type": "integer"
          },
          "bytesRead": {
            "type": "integer"
          }
        }
      },
      "QueryResult": {
        "type": "object",
        "required": [
          "columns",
          "rows",
          "statistics",
          "position"
        ],
        "properties": {
          "columns": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/Column"
            }
          },
          "rows": {
            "type": "array",
            "description": "One array a row, in column order; 64-bit integers are strings.",
            "items": {
              "type": "array",
              "items": true
            }
          },
          "statistics": {
            "$ref": "#/components/schemas/Statistics"
          },
          "position": {
            "$ref": "#/components/schemas/Position"
          }
        }
      },
      "FilterValue": {
        "description": "A value of the dimension, as it is shown; `null` asks for what has none.",
        "type": [
          "string",
          "number",
          "boolean",
          "null"
        ]
      },
      "Filter": {
        "description": "A value (equals), or conditions that hold together, by operator.",
        "oneOf": [
          {
            "$ref": "#/components/schemas/FilterValue"
          },
          {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "eq": {
                "$ref": "#/components/schemas/FilterValue"
              },
              "neq": {
                "$ref": "#/components/schemas/FilterValue"
              },
              "in": {
                "type": "array",
                "items": {
                  "$ref": "#/components/schemas/FilterValue"
                },
                "maxItems": 1000
              },
              "gt": {
                "$ref": "#/components/schemas/FilterValue"
              },
              "gte": {
                "$ref": "#/components/schemas/FilterValue"
              },
              "lt": {
                "$ref": "#/components/schemas/FilterValue"
              },
              "lte": {
                "$ref": "#/components/schemas/FilterValue"
              },
              "between": {
                "type": "array",
                "items": {
                  "$ref": "#/components/schemas/FilterValue"
                },
                "minItems": 2,
                "maxItems": 2
              },
              "like": {
                "type": "string",
                "description": "SQL pattern: `%` is any text, `_` any character."
              }
            }
          }
        ]
      },
      "QueryBody": {
        "type": "object",
        "description": "The parameters of an aggregation query (the members of a live subscription's `params`), and the position to wait for.",
        "additionalProperties": false,
        "properties": {
          "dimensions": {
            "type": "array",
            "items": {
              "type": "string"
            },
            "maxItems": 100,
            "uniqueItems": true
          },
          "measures": {
            "type": "array",
            "items": {
              "type": "string"
            },
            "maxItems": 100,
            "uniqueItems": true
          },
          "filters": {
            "type": "object",
            "description": "`{ origin: \"LAX\" }` (equals) or `{ delay: { gt: 10, lte: 60 } }`.",
            "additionalProperties": {
              "$ref": "#/components/schemas/Filter"
            }
          },
          "grain": {
            "oneOf": [
              {
                "$ref": "#/components/schemas/Grain"
              },
              {
                "type": "object",
                "additionalProperties": {
                  "$ref": "#/components/schemas/Grain"
                }
              }
            ]
          },
          "orderBy": {
            "type": "array",
            "items": {
              "type": "string"
            },
            "maxItems": 100,
            "description": "`column`, or `-column` for descending."
          },
          "limit": {
            "type": "integer",
            "minimum": 0,
            "maximum": 100000,
            "default": 1000
          },
          "offset": {
            "type": "integer",
            "minimum": 0,
            "maximum": 10000000,
            "default": 0
          },
          "timezone": {
            "type": "string",
            "default": "UTC",
            "description": "IANA name of the time zone of the buckets."
          },
          "after": {
            "$ref": "#/components/schemas/Position"
          }
        }
      },
      "Source": {
        "type": "string",
        "enum": [
          "ingest",
          "function",
          "table",
          "log"
        ],
        "description": "Who refused the event: ingest's validation, a function, the table, or the log, which lost it to damage."
      },
      "EntryId": {
        "type": "string",
        "pattern": "^[0-9a-f]{24}$"
      },
      "EntrySummary": {
        "type": "object",
        "required": [
          "id",
          "model",
          "version",
          "stream",
          "source",
          "by",
          "code",
          "reason",
          "partition",
          "offset",
          "bytes",
          "receivedAt",
          "quarantinedAt",
          "replayedAt"
        ],
        "properties": {
          "id": {
            "$ref": "#/components/schemas/EntryId"
          },
          "model": {
            "type": "string"
          },
          "version": {
            "type": "string"
          },
          "stream": {
            "type": "string"
          },
          "source": {
            "$ref": "#/components/schemas/Source"
          },
          "by": {
            "type": "string",
            "description": "Name of the function; empty for the other sources."
          },
          "code": {
            "type": "string",
            "description": "The reason in one word."
          },
          "reason": {
            "type": "string",
            "description": "The reason in words."
          },
          "partition": {
            "type": [
              "integer",
              "null"
            ],
            "description": "Where the event stands in its stream."
          },
          "offset": {
            "type": [
              "string",
              "null"
            ],
            "description": "Decimal digits."
          },
          "bytes": {
            "type": "integer",
            "minimum": 0,
            "description": "Of the original event."
          },
          "receivedAt": {
            "type": "string",
            "format": "date-time"
          },
          "quarantinedAt": {
            "type": "string",
            "format": "date-time"
          },
          "replayedAt": {
            "type": [
              "string",
              "null"
            ],
            "format": "date-time",
            "description": "When it went back."
          }
        }
      },
      "EntryPage": {
        "type": "object",
        "required": [
          "entries",
          "behind"
        ],
        "properties": {
          "entries": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/EntrySummary"
            }
          },
          "next": {
            "type": "string",
            "description": "The `after` of the next page; absent on the last."
          },
          "total": {
            "type": "integer",
            "minimum": 0,
            "description": "Entries on all pages; told on the first."
          },
          "behind": {
            "type": "boolean",
            "description": "The table does not have the newest entries yet."
          }
        }
      },
      "EventError": {
        "type": "object",
        "required": [
          "path",
          "code",
          "expected",
          "got"
        ],
        "properties": {
          "path": {
            "type": "string",
            "description": "JSON Pointer into the event."
          },
          "code": {
            "type": "string"
          },
          "expected": {
            "type": "string"
          },
          "got": {
            "type": "string"
          }
        }
      },
      "Entry": {
        "allOf": [
          {
            "$ref": "#/components/schemas/EntrySummary"
          },
          {
            "type": "object",
            "required": [
              "errors",
              "stack",
              "lastOffset",
              "encoding",
              "event"
            ],
            "properties": {
              "errors": {
                "type": "array",
                "items": {
                  "$ref": "#/components/schemas/EventError"
                }
              },
              "stack": {
                "type": "string"
              },
              "lastOffset": {
                "type": [
                  "string",
                  "null"
                ],
                "description": "Of events that the log lost: the offset behind the last."
              },
              "encoding": {
                "type": "string",
                "enum": [
                  "utf8",
                  "base64",
                  "lost"
                ],
                "description": "`utf8`: `event` is the original text; `base64`: its bytes; `lost`: there is none."
              },
              "event": {
                "type": "string"
              }
            }
          }
        ]
      },
      "ReplayRequest": {
        "type": "object",
        "required": [
          "ids"
        ],
        "additionalProperties": false,
        "properties": {
          "ids": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1000,
            "items": {
              "$ref": "#/components/schemas/EntryId"
            }
          },
          "dryRun": {
            "type": "boolean",
            "default": false,
            "description": "Only say what would become of each."
          }
        }
      },
      "ReplayResult": {
        "type": "object",
        "required": [
          "id",
          "outcome"
        ],
        "properties": {
          "id": {
            "$ref": "#/components/schemas/EntryId"
          },
          "outcome": {
            "type": "string",
            "enum": [
              "replayed",
              "already_replayed",
              "valid",
              "refused",
              "lost",
              "unknown_function",
              "not_found"
            ],
            "description": "`valid`: it would go back (dry run). `refused`: it still does not fit; `errors` and `reason` say why."
          },
          "errors": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/EventError"
            }
          },
          "reason": {
            "type": "string"
          }
        }
      },
      "ReplayReport": {
        "type": "object",
        "required": [
          "results"
        ],
        "properties": {
          "results": {
            "type": "array",
            "description": "In the order of the ids.",
            "items": {
              "$ref": "#/components/schemas/ReplayResult"
            }
          }
        }
      },
      "Liveness": {
        "type": "object",
        "required": [
          "status"
        ],
        "properties": {
          "status": {
            "type": "string",
            "const": "ok"
          }
        }
      },
      "Readiness": {
        "type": "object",
        "required": [
          "status",
          "checks"
        ],
        "properties": {
          "status": {
            "type": "string",
            "enum": [
              "ok",
              "failing"
            ]
          },
          "checks": {
            "type": "object",
            "description": "Each dependency by name.",
            "additionalProperties": {
              "type": "object",
              "required": [
                "ok"
              ],
              "properties": {
                "ok": {
                  "type": "boolean"
                },
                "detail": {
                  "type": "string"
                }
              }
            }
          }
        }
      },
      "PartitionAudit": {
        "type": "object",
        "description": "acknowledged = inTable + quarantined + missing + waiting.",
        "required": [
          "stream",
          "partition",
          "acknowledged",
          "streamStart",
          "streamEnd",
          "absent",
          "unknownToStream",
          "inTable",
          "quarantined",
          "waiting",
          "doubled",
          "missing",
          "missingRanges"
        ],
        "properties": {
          "stream": {
            "type": "string"
          },
          "partition": {
            "type": "integer"
          },
          "acknowledged": {
            "type": "integer",
            "description": "Events that were acknowledged."
          },
          "streamStart": {
            "type": "integer",
            "description": "Oldest offset that the stream still holds."
          },
          "streamEnd": {
            "type": "integer",
            "description": "The offset after the last event."
          },
          "absent": {
            "type": "integer",
            "description": "Offsets that hold no event: markers of transactions on Kafka."
          },
          "unknownToStream": {
            "type": "integer",
            "description": "Offsets from `streamEnd` on that the table holds all the same."
          },
          "inTable": {
            "type": "integer",
            "description": "Different offsets in the table."
          },
          "quarantined": {
            "type": "integer",
            "description": "In quarantine and not in the table."
          },
          "waiting": {
            "type": "integer",
            "description": "Not delivered yet when the audit stopped waiting."
          },
          "doubled": {
            "type": "integer",
            "description": "Rows beyond the first of their offset."
          },
          "missing": {
            "type": "integer",
            "description": "Acknowledged, and in none of these places."
          },
          "missingRanges": {
            "type": "array",
            "description": "The first ranges of offsets that are missing; `last` is exclusive.",
            "items": {
              "type": "object",
              "required": [
                "first",
                "last"
              ],
              "properties": {
                "first": {
                  "type": "integer"
                },
                "last": {
                  "type": "integer"
                }
              }
            }
          }
        }
      },
      "ModelAudit": {
        "type": "object",
        "required": [
          "model",
          "table",
          "partitions"
        ],
        "properties": {
          "model": {
            "type": "string"
          },
          "table": {
            "type": "string"
          },
          "rowsMayLeave": {
            "type": "string",
            "description": "Why rows may rightly be absent from the table: then `missing` is no mistake."
          },
          "partitions": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/PartitionAudit"
            }
          }
        }
      },
      "AggregationAudit": {
        "type": "object",
        "required": [
          "aggregation",
          "rows",
          "different"
        ],
        "properties": {
          "aggregation": {
            "type": "string"
          },
          "rows": {
            "type": "integer",
            "description": "Keys that were compared."
          },
          "different": {
            "type": "integer",
            "description": "Keys whose exact measures differ."
          },
          "skipped": {
            "type": "string",
            "description": "Why it was not compared."
          }
        }
      },
      "FunctionAudit": {
        "type": "object",
        "description": "What a function says it made of one partition: committed − begin = taken + unreadable + absent, and taken = emitting + filtered + quarantined.",
        "required": [
          "function",
          "stream",
          "partition",
          "begin",
          "committed",
          "waiting",
          "taken",
          "emitting",
          "filtered",
          "quarantined",
          "unreadable",
          "absent",
          "refused",
          "emitted",
          "inQuarantine",
          "doubledInQuarantine"
        ],
        "properties": {
          "function": {
            "type": "string"
          },
          "stream": {
            "type": "string"
          },
          "partition": {
            "type": "integer"
          },
          "begin": {
            "type": "integer",
            "description": "Offset of the first event that it counted."
          },
          "committed": {
            "type": "integer",
            "description": "The offset after the last."
          },
          "waiting": {
            "type": "integer",
            "description": "Not taken yet when the audit stopped waiting."
          },
          "taken": {
            "type": "integer",
            "description": "Events that the function was given."
          },
          "emitting": {
            "type": "integer",
            "description": "Of these those with an output."
          },
          "filtered": {
            "type": "integer",
            "description": "Those that came to nothing."
          },
          "quarantined": {
            "type": "integer",
            "description": "Those that went to quarantine."
          },
          "unreadable": {
            "type": "integer",
            "description": "Left out: refused by their schema, or not to be read any more."
          },
          "absent": {
            "type": "integer",
            "description": "Offsets that hold no event."
          },
          "refused": {
            "type": "integer",
            "description": "Outputs that went to quarantine instead of their stream."
          },
          "emitted": {
            "type": "object",
            "description": "Events emitted, by target stream.",
            "additionalProperties": {
              "type": "integer"
            }
          },
          "inQuarantine": {
            "type": "integer",
            "description": "Events of these offsets that quarantine holds."
          },
          "doubledInQuarantine": {
            "type": "integer",
            "description": "Entries beyond the first of their event."
          }
        }
      },
      "GroupAudit": {
        "type": "object",
        "description": "How far a consumer group has come.",
        "required": [
          "group",
          "stream",
          "partition",
          "committed",
          "behind"
        ],
        "properties": {
          "group": {
            "type": "string"
          },
          "stream": {
            "type": "string"
          },
          "partition": {
            "type": "integer"
          },
          "committed": {
            "type": "integer"
          },
          "behind": {
            "type": "integer",
            "description": "Events that the group has not read yet."
          }
        }
      },
      "AuditReport": {
        "type": "object",
        "required": [
          "ok",
          "tookMs",
          "models",
          "aggregations",
          "functions",
          "groups",
          "mistakes"
        ],
        "properties": {
          "ok": {
            "type": "boolean",
            "description": "Nothing is missing, doubled, lost by the stream, or different."
          },
          "tookMs": {
            "type": "integer"
          },
          "models": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/ModelAudit"
            }
          },
          "aggregations": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/AggregationAudit"
            }
          },
          "functions": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/FunctionAudit"
            }
          },
          "groups": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/GroupAudit"
            }
          },
          "mistakes": {
            "type": "array",
            "items": {
              "type": "string"
            },
            "description": "Each mistake in a sentence."
          }
        }
      },
      "Catalog": {
        "type": "object",
        "required": [
          "revision",
          "models",
          "aggregations",
          "lineage"
        ],
        "properties": {
          "revision": {
            "type": "integer",
            "description": "Counts up with every change of the project."
          },
          "models": {
            "type": "array",
            "items": {
              "type": "object",
              "required": [
                "name",
                "version",
                "stream",
                "table",
                "schemaId",
                "program",
                "system",
                "endOffsets",
                "spec"
              ],
              "properties": {
                "name": {
                  "type": "string"
                },
                "version": {
                  "type": "string"
                },
                "stream": {
                  "type": "string"
                },
                "table": {
                  "type": "string"
                },
                "schemaId": {
                  "type": "string",
                  "description": "Digest of the program; equal for equal schemas."
                },
                "program": {
                  "type": "string",
                  "contentEncoding": "base64",
                  "description": "The compiled schema program that the core runs."
                },
                "system": {
                  "type": "boolean",
                  "description": "Of Moose itself; no events of it can be sent."
                },
                "endOffsets": {
                  "type": "array",
                  "items": {
                    "type": "integer"
                  },
                  "description": "Next offset of each partition."
                },
                "spec": {
                  "type": "object",
                  "description": "The data model as plain values."
                }
              }
            }
          },
          "aggregations": {
            "type": "array",
            "items": {
              "type": "object",
              "required": [
                "name",
                "from",
                "table",
                "spec"
              ],
              "properties": {
                "name": {
                  "type": "string"
                },
                "from": {
                  "type": "string"
                },
                "table": {
                  "type": "string"
                },
                "spec": {
                  "type": "object",
                  "description": "The aggregation as plain values."
                }
              }
            }
          },
          "lineage": {
            "type": "array",
            "description": "What flows where, by `kind:name`.",
            "items": {
              "type": "object",
              "required": [
                "from",
                "to"
              ],
              "properties": {
                "from": {
                  "type": "string"
                },
                "to": {
                  "type": "string"
                }
              }
            }
          }
        }
      }
    },
    "responses": {
      "Malformed": {
        "description": "The body or a parameter cannot be read.",
        "headers": {
          "x-request-id": {
            "$ref": "#/components/headers/RequestId"
          },
          "access-control-allow-origin": {
            "$ref": "#/components/headers/AllowOrigin"
          },
          "access-control-expose-headers": {
            "$ref": "#/components/headers/ExposeHeaders"
          },
          "vary": {
            "$ref": "#/components/headers/Vary"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {
                  "$ref": "#/components/schemas/Problem"
                },
                {
                  "properties": {
                    "status": {
                      "const": 400
                    },
                    "code": {
                      "enum": [
                        "malformed_body",
                        "invalid_parameter",
                        "invalid_query"
                      ]
                    }
                  }
                }
              ]
            },
            "example": {
              "type": "urn:moose:problem:invalid_parameter",
              "title": "Invalid parameter",
              "status": 400,
              "code": "invalid_parameter",
              "detail": "mode is \"all\". Use partial, atomic or dry-run.",
              "requestId": "7Qm2yQxv-1f",
              "parameter": "mode"
            }
          }
        }
      },
      "NotFound": {
        "description": "No model, version, query, entry or page has this name, or this process does not have the role for the route.",
        "headers": {
          "x-request-id": {
            "$ref": "#/components/headers/RequestId"
          },
          "access-control-allow-origin": {
            "$ref": "#/components/headers/AllowOrigin"
          },
          "access-control-expose-headers": {
            "$ref": "#/components/headers/ExposeHeaders"
          },
          "vary": {
            "$ref": "#/components/headers/Vary"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {
                  "$ref": "#/components/schemas/Problem"
                },
                {
                  "properties": {
                    "status": {
                      "const": 404
                    },
                    "code": {
                      "enum": [
                        "not_found",
                        "unknown_model",
                        "unknown_query"
                      ]
                    }
                  }
                }
              ]
            },
            "example": {
              "type": "urn:moose:problem:unknown_model",
              "title": "Unknown model",
              "status": 404,
              "code": "unknown_model",
              "detail": "No model is named \"Fligth\". There are: Flight.",
              "requestId": "7Qm2yQxv-1f"
            }
          }
        }
      },
      "MethodNotAllowed": {
        "description": "The route exists; `Allow` names its methods.",
        "headers": {
          "x-request-id": {
            "$ref": "#/components/headers/RequestId"
          },
          "access-control-allow-origin": {
            "$ref": "#/components/headers/AllowOrigin"
          },
          "access-control-expose-headers": {
            "$ref": "#/components/headers/ExposeHeaders"
          },
          "vary": {
            "$ref": "#/components/headers/Vary"
          },
          "allow": {
            "$ref": "#/components/headers/Allow"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {
                  "$ref": "#/components/schemas/Problem"
                },
                {
                  "properties": {
                    "status": {
                      "const": 405
                    },
                    "code": {
                      "const": "method_not_allowed"
                    }
                  }
                }
              ]
            },
            "example": {
              "type": "urn:moose:problem:method_not_allowed",
              "title": "Method not allowed",
              "status": 405,
              "code": "method_not_allowed",
              "detail": "PUT is not a method of /catalog. Use GET or HEAD or OPTIONS.",
              "requestId": "7Qm2yQxv-1f",
              "allow": [
                "GET",
                "HEAD",
                "OPTIONS"
              ]
            }
          }
        }
      },
      "TooLarge": {
        "description": "The body is over the limit, as it was sent or after decompression. The connection is closed when the body was not read.",
        "headers": {
          "x-request-id": {
            "$ref": "#/components/headers/RequestId"
          },
          "access-control-allow-origin": {
            "$ref": "#/components/headers/AllowOrigin"
          },
          "access-control-expose-headers": {
            "$ref": "#/components/headers/ExposeHeaders"
          },
          "vary": {
            "$ref": "#/components/headers/Vary"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {
                  "$ref": "#/components/schemas/Problem"
                },
                {
                  "properties": {
                    "status": {
                      "const": 413
                    },
                    "code": {
                      "const": "body_too_large"
                    }
                  }
                }
              ]
            },
            "example": {
              "type": "urn:moose:problem:body_too_large",
              "title": "Body too large",
              "status": 413,
              "code": "body_too_large",
              "detail": "The body is over 16777216 bytes. Send it in parts.",
              "requestId": "7Qm2yQxv-1f",
              "maxBytes": 16777216
            }
          }
        }
      },
      "UnsupportedMediaType": {
        "description": "The content type or the content encoding is not one that is read; `accepted` says which are.",
        "headers": {
          "x-request-id": {
            "$ref": "#/components/headers/RequestId"
          },
          "access-control-allow-origin": {
            "$ref": "#/components/headers/AllowOrigin"
          },
          "access-control-expose-headers": {
            "$ref": "#/components/headers/ExposeHeaders"
          },
          "vary": {
            "$ref": "#/components/headers/Vary"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {
                  "$ref": "#/components/schemas/Problem"
                },
                {
                  "properties": {
                    "status": {
                      "const": 415
                    },
                    "code": {
                      "enum": [
                        "unsupported_media_type",
                        "unsupported_encoding"
                      ]
                    }
                  }
                }
              ]
            },
            "example": {
              "type": "urn:moose:problem:unsupported_media_type",
              "title": "Unsupported media type",
              "status": 415,
              "code": "unsupported_media_type",
              "detail": "The Content-Type is \"text/plain\". Send application/json or application/x-ndjson, in UTF-8.",
              "requestId": "7Qm2yQxv-1f",
              "accepted": [
                "application/json",
                "application/x-ndjson"
              ]
            }
          }
        }
      },
      "Failed": {
        "description": "A defect of the server; the request id finds it in the log.",
        "headers": {
          "x-request-id": {
            "$ref": "#/components/headers/RequestId"
          },
          "access-control-allow-origin": {
            "$ref": "#/components/headers/AllowOrigin"
          },
          "access-control-expose-headers": {
            "$ref": "#/components/headers/ExposeHeaders"
          },
          "vary": {
            "$ref": "#/components/headers/Vary"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {
                  "$ref": "#/components/schemas/Problem"
                },
                {
                  "properties": {
                    "status": {
                      "const": 500
                    },
                    "code": {
                      "enum": [
                        "internal",
                        "database_refused"
                      ]
                    }
                  }
                }
              ]
            },
            "example": {
              "type": "urn:moose:problem:internal",
              "title": "Internal",
              "status": 500,
              "code": "internal",
              "detail": "The server failed. Its log says why under request id 7Qm2yQxv-1f.",
              "requestId": "7Qm2yQxv-1f"
            }
          }
        }
      },
      "Unavailable": {
        "description": "The server sheds load or a part of it is down; retry after the seconds in `Retry-After`.",
        "headers": {
          "x-request-id": {
            "$ref": "#/components/headers/RequestId"
          },
          "access-control-allow-origin": {
            "$ref": "#/components/headers/AllowOrigin"
          },
          "access-control-expose-headers": {
            "$ref": "#/components/headers/ExposeHeaders"
          },
          "vary": {
            "$ref": "#/components/headers/Vary"
          },
          "retry-after": {
            "$ref": "#/components/headers/RetryAfterRequired"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {
                  "$ref": "#/components/schemas/Problem"
                },
                {
                  "properties": {
                    "status": {
                      "const": 503
                    },
                    "code": {
                      "enum": [
                        "overloaded",
                        "disk_full",
                        "log_unavailable",
                        "database_unavailable",
                        "fenced",
                        "shutting_down"
                      ]
                    }
                  }
                }
              ]
            },
            "example": {
              "type": "urn:moose:problem:overloaded",
              "title": "Overloaded",
              "status": 503,
              "code": "overloaded",
              "detail": "The server has more to do than it can. Send again a little later.",
              "requestId": "7Qm2yQxv-1f",
              "reason": "event_loop"
            }
          }
        }
      },
      "Timeout": {
        "description": "The query or the wait for `after` took longer than its limit.",
        "headers": {
          "x-request-id": {
            "$ref": "#/components/headers/RequestId"
          },
          "access-control-allow-origin": {
            "$ref": "#/components/headers/AllowOrigin"
          },
          "access-control-expose-headers": {
            "$ref": "#/components/headers/ExposeHeaders"
          },
          "vary": {
            "$ref": "#/components/headers/Vary"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {
                  "$ref": "#/components/schemas/Problem"
                },
                {
                  "properties": {
                    "status": {
                      "const": 504
                    },
                    "code": {
                      "enum": [
                        "after_timeout",
                        "query_timeout"
                      ]
                    }
                  }
                }
              ]
            },
            "example": {
              "type": "urn:moose:problem:after_timeout",
              "title": "After timeout",
              "status": 504,
              "code": "after_timeout",
              "detail": "The events up to this position are not in the table yet. Ask again.",
              "requestId": "7Qm2yQxv-1f"
            }
          }
        }
      },
      "Forbidden": {
        "description": "The caller may not do this; the problem says who may.",
        "headers": {
          "x-request-id": {
            "$ref": "#/components/headers/RequestId"
          },
          "access-control-allow-origin": {
            "$ref": "#/components/headers/AllowOrigin"
          },
          "access-control-expose-headers": {
            "$ref": "#/components/headers/ExposeHeaders"
          },
          "vary": {
            "$ref": "#/components/headers/Vary"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {
                  "$ref": "#/components/schemas/Problem"
                },
                {
                  "properties": {
                    "status": {
                      "const": 403
                    },
                    "code": {
                      "const": "forbidden"
                    }
                  }
                }
              ]
            },
            "example": {
              "type": "urn:moose:problem:forbidden",
              "title": "Forbidden",
              "status": 403,
              "code": "forbidden",
              "detail": "The origin https://other.example may not connect. Add it to http.corsOrigins.",
              "requestId": "7Qm2yQxv-1f"
            }
          }
        }
      },
      "UpgradeRequired": {
        "description": "The route speaks WebSocket only.",
        "headers": {
          "x-request-id": {
            "$ref": "#/components/headers/RequestId"
          },
          "access-control-allow-origin": {
            "$ref": "#/components/headers/AllowOrigin"
          },
          "access-control-expose-headers": {
            "$ref": "#/components/headers/ExposeHeaders"
          },
          "vary": {
            "$ref": "#/components/headers/Vary"
          },
          "upgrade": {
            "$ref": "#/components/headers/Upgrade"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "allOf": [
                {
                  "$ref": "#/components/schemas/Problem"
                },
                {
                  "properties": {
                    "status": {
                      "const": 426
                    },
                    "code": {
                      "const": "upgrade_required"
                    }
                  }
                }
              ]
            },
            "example": {
              "type": "urn:moose:problem:upgrade_required",
              "title": "Upgrade required",
              "status": 426,
              "code": "upgrade_required",
              "detail": "/live is a WebSocket. Connect with the subprotocol moose.live.v1.",
              "requestId": "7Qm2yQxv-1f"
            }
          }
        }
      }
    }
  }
};
