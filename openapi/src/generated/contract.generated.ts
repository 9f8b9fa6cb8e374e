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
            "$ref": "#/components/parameters/IdempotencyKey"
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
            "$ref": "#/components/parameters/IdempotencyKey"
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
            "minimum": 0
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
