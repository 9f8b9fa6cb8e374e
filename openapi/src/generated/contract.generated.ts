// Written by scripts/generate.mjs from source/: do not edit.
import type { OpenApiDocument } from "../open-api-document.ts";

export const contract: OpenApiDocument = {
  "openapi": "3.1.0",
  "info": {
    "title": "Moose",
    "version": "0.1.0",
    "summary": "Ingest events, query aggregations, subscribe to changes.",
    "description": "Errors are RFC 9457 problems (`application/problem+json`) with a `code` from one closed list.\nEvery reply carries `x-request-id`; a sane one that the caller sends is echoed.\n",
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
    }
  ],
  "paths": {
    "/ingest/{model}": {
      "parameters": [
        {
          "$ref": "#/components/parameters/Model"
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
              }
            },
            "application/x-ndjson": {
              "schema": {
                "type": "string",
                "description": "One JSON object a line."
              }
            }
          }
        },
        "responses": {
          "200": {
            "description": "Every row was accepted.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/IngestResult"
                }
              }
            }
          },
          "207": {
            "description": "Some rows were rejected.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/IngestResult"
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
              }
            },
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/IngestProblem"
                }
              }
            }
          },
          "429": {
            "$ref": "#/components/responses/TooManyRequests"
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
        }
      ],
      "post": {
        "operationId": "ingestVersion",
        "summary": "Send events of one version of a model.",
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
              }
            },
            "application/x-ndjson": {
              "schema": {
                "type": "string",
                "description": "One JSON object a line."
              }
            }
          }
        },
        "responses": {
          "200": {
            "description": "Every row was accepted.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/IngestResult"
                }
              }
            }
          },
          "207": {
            "description": "Some rows were rejected.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/IngestResult"
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
              }
            },
            "content": {
              "application/problem+json": {
                "schema": {
                  "$ref": "#/components/schemas/IngestProblem"
                }
              }
            }
          },
          "429": {
            "$ref": "#/components/responses/TooManyRequests"
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
        }
      ],
      "get": {
        "operationId": "query",
        "summary": "Query an aggregation by URL parameters.",
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
            "$ref": "#/components/parameters/Filter"
          },
          {
            "$ref": "#/components/parameters/Grain"
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
            "description": "The result, in the format that `Accept` names.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "x-moose-position": {
                "description": "What the result is sure to include.",
                "schema": {
                  "$ref": "#/components/schemas/Position"
                }
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/QueryResult"
                }
              },
              "application/x-ndjson": {
                "schema": {
                  "type": "string",
                  "description": "One JSON object a line."
                }
              },
              "text/csv": {
                "schema": {
                  "type": "string",
                  "description": "CSV with a line of column names."
                }
              },
              "application/vnd.apache.arrow.stream": {
                "schema": {
                  "type": "string",
                  "contentEncoding": "binary",
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
          "429": {
            "$ref": "#/components/responses/TooManyRequests"
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
        "tags": [
          "query"
        ],
        "requestBody": {
          "required": true,
          "content": {
            "application/json": {
              "schema": {
                "$ref": "#/components/schemas/QueryBody"
              }
            }
          }
        },
        "responses": {
          "200": {
            "description": "The result, in the format that `Accept` names.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              },
              "x-moose-position": {
                "description": "What the result is sure to include.",
                "schema": {
                  "$ref": "#/components/schemas/Position"
                }
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/QueryResult"
                }
              },
              "application/x-ndjson": {
                "schema": {
                  "type": "string",
                  "description": "One JSON object a line."
                }
              },
              "text/csv": {
                "schema": {
                  "type": "string",
                  "description": "CSV with a line of column names."
                }
              },
              "application/vnd.apache.arrow.stream": {
                "schema": {
                  "type": "string",
                  "contentEncoding": "binary",
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
          "429": {
            "$ref": "#/components/responses/TooManyRequests"
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
      "get": {
        "operationId": "live",
        "summary": "Open a live connection.",
        "description": "WebSocket, subprotocol `moose.live.v1`; JSON text messages, many subscriptions a socket. The messages are typed in `live-protocol.ts`\nof this package. Messages are at most 64 KiB from the client; a browser's `Origin` must be one of the configured origins.\n",
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
            }
          },
          {
            "name": "source",
            "in": "query",
            "description": "Entries that this part refused.",
            "schema": {
              "$ref": "#/components/schemas/Source"
            }
          },
          {
            "name": "code",
            "in": "query",
            "description": "Entries with this reason.",
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "by",
            "in": "query",
            "description": "Entries of this function.",
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "since",
            "in": "query",
            "description": "Entries made at this time or later.",
            "schema": {
              "type": "string",
              "format": "date-time"
            }
          },
          {
            "name": "until",
            "in": "query",
            "description": "Entries made before this time.",
            "schema": {
              "type": "string",
              "format": "date-time"
            }
          },
          {
            "name": "replayed",
            "in": "query",
            "description": "`true`: entries that went back; `false`: those that did not; absent: both.",
            "schema": {
              "type": "boolean"
            }
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
            }
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
            }
          },
          {
            "name": "after",
            "in": "query",
            "description": "The `next` of the page before.",
            "schema": {
              "type": "string",
              "maxLength": 64
            }
          }
        ],
        "responses": {
          "200": {
            "description": "The page.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/EntryPage"
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
          }
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
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Entry"
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
      }
    },
    "/quarantine/replay": {
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
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/ReplayReport"
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
      "get": {
        "operationId": "healthLive",
        "summary": "Whether the process answers.",
        "tags": [
          "operations"
        ],
        "responses": {
          "200": {
            "description": "It does.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Liveness"
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
      "get": {
        "operationId": "healthReady",
        "summary": "Whether the server can do its work.",
        "tags": [
          "operations"
        ],
        "responses": {
          "200": {
            "description": "Every dependency answers.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Readiness"
                }
              }
            }
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
          },
          "503": {
            "description": "A dependency fails; the body names it.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Readiness"
                }
              }
            }
          }
        }
      }
    },
    "/metrics": {
      "get": {
        "operationId": "metrics",
        "summary": "Counters and histograms for Prometheus.",
        "tags": [
          "operations"
        ],
        "responses": {
          "200": {
            "description": "The metrics.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              }
            },
            "content": {
              "text/plain": {
                "schema": {
                  "type": "string"
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
    "/openapi.json": {
      "get": {
        "operationId": "openapi",
        "summary": "This contract with the models and aggregations of the project.",
        "tags": [
          "operations"
        ],
        "responses": {
          "200": {
            "description": "An OpenAPI 3.1 document.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "type": "object"
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
    "/audit": {
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
            }
          }
        ],
        "responses": {
          "200": {
            "description": "The account; `ok` says whether everything is accounted for.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/AuditReport"
                }
              }
            }
          },
          "400": {
            "$ref": "#/components/responses/Malformed"
          },
          "405": {
            "$ref": "#/components/responses/MethodNotAllowed"
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
    "/catalog": {
      "get": {
        "operationId": "catalog",
        "summary": "Models, aggregations and their lineage.",
        "tags": [
          "operations"
        ],
        "responses": {
          "200": {
            "description": "What the server serves now.",
            "headers": {
              "x-request-id": {
                "$ref": "#/components/headers/RequestId"
              }
            },
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/Catalog"
                }
              }
            }
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
        }
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
        }
      },
      "Quarantine": {
        "name": "quarantine",
        "in": "query",
        "description": "Whether refused rows are kept in quarantine, with their original bytes. Absent: as `ingest.quarantine` of the configuration says.",
        "schema": {
          "type": "boolean"
        }
      },
      "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The same key within 24 hours gives the same answer and stores nothing twice. 1 to 255 visible ASCII characters.",
        "schema": {
          "type": "string",
          "minLength": 1,
          "maxLength": 255,
          "pattern": "^[!-~]+$"
        }
      },
      "EventIds": {
        "name": "Moose-Event-Ids",
        "in": "header",
        "description": "`<producer>;<ranges>`: who sends, in 16 to 64 letters, digits, `-` and `_`, and the sequence number of each row of the body, in order and\nascending, such as `100-149,152`. A row whose number was stored before, of this producer and model within 24 hours, in whatever batch,\nis counted in `duplicates` and not stored again.\n",
        "schema": {
          "type": "string",
          "maxLength": 2048,
          "pattern": "^[A-Za-z0-9_-]{16,64};[0-9]{1,16}(-[0-9]{1,16})?(,[0-9]{1,16}(-[0-9]{1,16})?)*$"
        }
      },
      "ContentEncoding": {
        "name": "Content-Encoding",
        "in": "header",
        "description": "How the body is compressed.",
        "schema": {
          "type": "string",
          "enum": [
            "identity",
            "gzip",
            "br",
            "deflate"
          ]
        }
      },
      "Version": {
        "name": "version",
        "in": "path",
        "required": true,
        "description": "The exact version of the model.",
        "schema": {
          "type": "string",
          "minLength": 1
        }
      },
      "Name": {
        "name": "name",
        "in": "path",
        "required": true,
        "description": "The exact name of an aggregation.",
        "schema": {
          "type": "string",
          "minLength": 1
        }
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
          }
        }
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
          }
        }
      },
      "Filter": {
        "name": "filter",
        "in": "query",
        "description": "Written `filter.{dimension}=value` (equals) or `filter.{dimension}.{operator}=value`; operators are eq, neq, in, gt, gte, lt, lte, between\nand like. `in` and `between` take values separated by commas.\n",
        "style": "form",
        "explode": true,
        "schema": {
          "type": "object",
          "additionalProperties": {
            "type": "string"
          }
        }
      },
      "Grain": {
        "name": "grain",
        "in": "query",
        "description": "The bucket of the time dimensions: one for all, or `grain.{dimension}=hour` for one.",
        "schema": {
          "$ref": "#/components/schemas/Grain"
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
          }
        }
      },
      "Limit": {
        "name": "limit",
        "in": "query",
        "description": "Most rows in the reply.",
        "schema": {
          "type": "integer",
          "minimum": 0
        }
      },
      "Offset": {
        "name": "offset",
        "in": "query",
        "description": "Rows to skip.",
        "schema": {
          "type": "integer",
          "minimum": 0
        }
      },
      "Timezone": {
        "name": "timezone",
        "in": "query",
        "description": "IANA name of the time zone of the buckets; UTC when absent.",
        "schema": {
          "type": "string"
        }
      },
      "After": {
        "name": "after",
        "in": "query",
        "description": "A position; the query waits, up to a limit, until those events are visible.",
        "schema": {
          "$ref": "#/components/schemas/Position"
        }
      }
    },
    "headers": {
      "RequestId": {
        "description": "Names this request in the log of the server.",
        "schema": {
          "type": "string",
          "maxLength": 128
        }
      },
      "RetryAfter": {
        "description": "Seconds to wait.",
        "schema": {
          "type": "integer",
          "minimum": 1
        }
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
        "maxLength": 8192
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
          }
        },
        "additionalProperties": true
      },
      "IngestProblem": {
        "description": "No row was stored; the problem carries the verdict too.",
        "allOf": [
          {
            "$ref": "#/components/schemas/Problem"
          },
          {
            "type": "object",
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
      "QueryBody": {
        "type": "object",
        "description": "The parameters of an aggregation query (the members of a live subscription's `params`), and the position to wait for.",
        "additionalProperties": false,
        "properties": {
          "dimensions": {
            "type": "array",
            "items": {
              "type": "string"
            }
          },
          "measures": {
            "type": "array",
            "items": {
              "type": "string"
            }
          },
          "filters": {
            "type": "object",
            "description": "`{ origin: \"LAX\" }` (equals) or `{ delay: { gt: 10, lte: 60 } }`.",
            "additionalProperties": true
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
            "description": "`column`, or `-column` for descending."
          },
          "limit": {
            "type": "integer",
            "minimum": 0
          },
          "offset": {
            "type": "integer",
            "minimum": 0
          },
          "timezone": {
            "type": "string"
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
            "description": "Next offset of the stream."
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
                  "type": "string"
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
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "$ref": "#/components/schemas/Problem"
            }
          }
        }
      },
      "NotFound": {
        "description": "No model, version, query or page has this name.",
        "headers": {
          "x-request-id": {
            "$ref": "#/components/headers/RequestId"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "$ref": "#/components/schemas/Problem"
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
          "allow": {
            "description": "The methods of the route.",
            "schema": {
              "type": "string"
            }
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "$ref": "#/components/schemas/Problem"
            }
          }
        }
      },
      "TooLarge": {
        "description": "The body is over the limit, as it was sent or after decompression.",
        "headers": {
          "x-request-id": {
            "$ref": "#/components/headers/RequestId"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "$ref": "#/components/schemas/Problem"
            }
          }
        }
      },
      "UnsupportedMediaType": {
        "description": "The content type or the content encoding is not one that is read; the problem says which are.",
        "headers": {
          "x-request-id": {
            "$ref": "#/components/headers/RequestId"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "$ref": "#/components/schemas/Problem"
            }
          }
        }
      },
      "TooManyRequests": {
        "description": "Too much is under way; retry after the seconds in `Retry-After`.",
        "headers": {
          "x-request-id": {
            "$ref": "#/components/headers/RequestId"
          },
          "retry-after": {
            "$ref": "#/components/headers/RetryAfter"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "$ref": "#/components/schemas/Problem"
            }
          }
        }
      },
      "Failed": {
        "description": "A defect of the server; the request id finds it in the log.",
        "headers": {
          "x-request-id": {
            "$ref": "#/components/headers/RequestId"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "$ref": "#/components/schemas/Problem"
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
          "retry-after": {
            "$ref": "#/components/headers/RetryAfter"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "$ref": "#/components/schemas/Problem"
            }
          }
        }
      },
      "Timeout": {
        "description": "The query or the wait for `after` took longer than its limit.",
        "headers": {
          "x-request-id": {
            "$ref": "#/components/headers/RequestId"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "$ref": "#/components/schemas/Problem"
            }
          }
        }
      },
      "Forbidden": {
        "description": "The origin is not one that may call.",
        "headers": {
          "x-request-id": {
            "$ref": "#/components/headers/RequestId"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "$ref": "#/components/schemas/Problem"
            }
          }
        }
      },
      "UpgradeRequired": {
        "description": "The route speaks WebSocket only.",
        "headers": {
          "x-request-id": {
            "$ref": "#/components/headers/RequestId"
          }
        },
        "content": {
          "application/problem+json": {
            "schema": {
              "$ref": "#/components/schemas/Problem"
            }
          }
        }
      }
    }
  }
};
