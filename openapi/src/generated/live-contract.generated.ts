// Written by scripts/generate.mjs from source/asyncapi.yaml: do not edit.
import type { AsyncApiDocument } from "../async-api-document.ts";

export const liveContract: AsyncApiDocument = {
  "asyncapi": "3.0.0",
  "info": {
    "title": "Moose live",
    "version": "0.1.0",
    "description": "WebSocket, subprotocol `moose.live.v1`; JSON text messages. The client says `hello` within 10 s, waits for `ready`, and subscribes.\nWhat is shown after a snapshot at position P and the deltas up to Q equals the query run at Q. A subscription that begins with `after`\ngoes on from there without gap or repeat, or says `recovered: false` and begins with a snapshot.\n\nLimits: 64 KiB a message and 50 messages a second from the client, 100 subscriptions a socket. The server pings every `heartbeatMs`\nand closes a socket that was silent for twice as long. Who reads too slowly gets merged deltas, and is closed after 30 s.\n\nClose codes: 1001 the server is going away; 4008 the client reads too slowly; 4009 no answer to pings; 4400 a message that is not of\nthis protocol; 4401 no hello in time; 4429 too many subscriptions or messages.\n",
    "license": {
      "name": "MIT",
      "url": "https://spdx.org/licenses/MIT.html"
    },
    "tags": [
      {
        "name": "live",
        "description": "Subscribe over WebSocket."
      }
    ]
  },
  "defaultContentType": "application/json",
  "servers": {
    "local": {
      "host": "127.0.0.1:4000",
      "protocol": "ws",
      "description": "The server that `moose dev` starts."
    }
  },
  "channels": {
    "live": {
      "address": "/live",
      "title": "Live connection",
      "description": "The WebSocket.",
      "bindings": {
        "ws": {
          "method": "GET"
        }
      },
      "messages": {
        "hello": {
          "$ref": "#/components/messages/hello"
        },
        "subscribe": {
          "$ref": "#/components/messages/subscribe"
        },
        "unsubscribe": {
          "$ref": "#/components/messages/unsubscribe"
        },
        "ready": {
          "$ref": "#/components/messages/ready"
        },
        "snapshot": {
          "$ref": "#/components/messages/snapshot"
        },
        "delta": {
          "$ref": "#/components/messages/delta"
        },
        "events": {
          "$ref": "#/components/messages/events"
        },
        "resumed": {
          "$ref": "#/components/messages/resumed"
        },
        "complete": {
          "$ref": "#/components/messages/complete"
        },
        "error": {
          "$ref": "#/components/messages/error"
        },
        "ping": {
          "$ref": "#/components/messages/ping"
        },
        "pong": {
          "$ref": "#/components/messages/pong"
        }
      }
    }
  },
  "operations": {
    "fromClient": {
      "action": "receive",
      "title": "What the client sends",
      "summary": "Subscriptions, and answers to pings.",
      "channel": {
        "$ref": "#/channels/live"
      },
      "messages": [
        {
          "$ref": "#/channels/live/messages/hello"
        },
        {
          "$ref": "#/channels/live/messages/subscribe"
        },
        {
          "$ref": "#/channels/live/messages/unsubscribe"
        },
        {
          "$ref": "#/channels/live/messages/ping"
        },
        {
          "$ref": "#/channels/live/messages/pong"
        }
      ]
    },
    "fromServer": {
      "action": "send",
      "title": "What the server sends",
      "summary": "States, changes and events of the subscriptions.",
      "channel": {
        "$ref": "#/channels/live"
      },
      "messages": [
        {
          "$ref": "#/channels/live/messages/ready"
        },
        {
          "$ref": "#/channels/live/messages/snapshot"
        },
        {
          "$ref": "#/channels/live/messages/delta"
        },
        {
          "$ref": "#/channels/live/messages/events"
        },
        {
          "$ref": "#/channels/live/messages/resumed"
        },
        {
          "$ref": "#/channels/live/messages/complete"
        },
        {
          "$ref": "#/channels/live/messages/error"
        },
        {
          "$ref": "#/channels/live/messages/ping"
        },
        {
          "$ref": "#/channels/live/messages/pong"
        }
      ]
    }
  },
  "components": {
    "messages": {
      "hello": {
        "title": "Hello",
        "summary": "The first message of a client.",
        "payload": {
          "$ref": "#/components/schemas/Hello"
        },
        "examples": [
          {
            "payload": {
              "type": "hello"
            }
          }
        ]
      },
      "subscribe": {
        "title": "Subscribe",
        "summary": "Begins a subscription to a query's result or to a model's events.",
        "payload": {
          "$ref": "#/components/schemas/Subscribe"
        },
        "examples": [
          {
            "name": "query",
            "payload": {
              "type": "subscribe",
              "id": "a",
              "query": "FlightsByMinute",
              "params": {
                "dimensions": [
                  "minute"
                ],
                "grain": "hour"
              }
            }
          },
          {
            "name": "stream",
            "payload": {
              "type": "subscribe",
              "id": "b",
              "stream": "Flight",
              "throttleMs": 100
            }
          }
        ]
      },
      "unsubscribe": {
        "title": "Unsubscribe",
        "summary": "Ends a subscription; `complete` follows.",
        "payload": {
          "$ref": "#/components/schemas/Unsubscribe"
        },
        "examples": [
          {
            "payload": {
              "type": "unsubscribe",
              "id": "a"
            }
          }
        ]
      },
      "ready": {
        "title": "Ready",
        "summary": "The answer to `hello`.",
        "payload": {
          "$ref": "#/components/schemas/Ready"
        },
        "examples": [
          {
            "payload": {
              "type": "ready",
              "session": "7Qm2yQxv",
              "heartbeatMs": 15000
            }
          }
        ]
      },
      "snapshot": {
        "title": "Snapshot",
        "summary": "The whole result of a query.",
        "payload": {
          "$ref": "#/components/schemas/Snapshot"
        },
        "examples": [
          {
            "payload": {
              "type": "snapshot",
              "id": "a",
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
              "key": [
                "minute"
              ],
              "rows": [
                [
                  "2026-01-31 08:00:00",
                  "2"
                ]
              ],
              "position": "p1.eyJGbGlnaHQuMS4wIjpbNF19"
            }
          }
        ]
      },
      "delta": {
        "title": "Delta",
        "summary": "What has changed since the message before.",
        "payload": {
          "$ref": "#/components/schemas/Delta"
        },
        "examples": [
          {
            "payload": {
              "type": "delta",
              "id": "a",
              "upsert": [
                [
                  "2026-01-31 08:00:00",
                  "3"
                ]
              ],
              "remove": [
                [
                  "2026-01-31 07:00:00"
                ]
              ],
              "position": "p1.eyJGbGlnaHQuMS4wIjpbNV19"
            }
          }
        ]
      },
      "events": {
        "title": "Events",
        "summary": "Events of a model, in the order of their stream.",
        "payload": {
          "$ref": "#/components/schemas/Events"
        },
        "examples": [
          {
            "payload": {
              "type": "events",
              "id": "b",
              "rows": [
                {
                  "origin": "SFO",
                  "delay": 12
                }
              ],
              "position": "p1.eyJGbGlnaHQuMS4wIjpbNV19"
            }
          }
        ]
      },
      "resumed": {
        "title": "Resumed",
        "summary": "The answer to a subscription with `after`.",
        "payload": {
          "$ref": "#/components/schemas/Resumed"
        },
        "examples": [
          {
            "payload": {
              "type": "resumed",
              "id": "a",
              "recovered": true
            }
          }
        ]
      },
      "complete": {
        "title": "Complete",
        "summary": "The subscription has ended.",
        "payload": {
          "$ref": "#/components/schemas/Complete"
        },
        "examples": [
          {
            "payload": {
              "type": "complete",
              "id": "a"
            }
          }
        ]
      },
      "error": {
        "title": "Error",
        "summary": "The subscription, or the connection, has failed.",
        "payload": {
          "$ref": "#/components/schemas/LiveError"
        },
        "examples": [
          {
            "payload": {
              "type": "error",
              "id": "a",
              "problem": {
                "type": "about:blank",
                "title": "unknown query",
                "status": 404,
                "code": "unknown_query",
                "detail": "There is no query \"x\"."
              }
            }
          }
        ]
      },
      "ping": {
        "title": "Ping",
        "summary": "Answered by `pong`; both sides may ask.",
        "payload": {
          "$ref": "#/components/schemas/Ping"
        },
        "examples": [
          {
            "payload": {
              "type": "ping"
            }
          }
        ]
      },
      "pong": {
        "title": "Pong",
        "summary": "The answer to `ping`.",
        "payload": {
          "$ref": "#/components/schemas/Pong"
        },
        "examples": [
          {
            "payload": {
              "type": "pong"
            }
          }
        ]
      }
    },
    "schemas": {
      "Hello": {
        "type": "object",
        "required": [
          "type"
        ],
        "properties": {
          "type": {
            "type": "string",
            "const": "hello"
          },
          "token": {
            "type": "string",
            "description": "Who the client is. Not looked at by a server without authentication."
          }
        }
      },
      "SubscriptionId": {
        "type": "string",
        "minLength": 1,
        "maxLength": 100,
        "description": "Chosen by the client; each message about the subscription carries it."
      },
      "LiveQueryParams": {
        "type": "object",
        "description": "The same members as the body of `POST /query/{name}`.",
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
            "additionalProperties": true,
            "description": "dimension → operator → value, or dimension → value for `eq`."
          },
          "grain": {
            "description": "One grain for all time dimensions, or dimension → grain.",
            "oneOf": [
              {
                "type": "string"
              },
              {
                "type": "object",
                "additionalProperties": {
                  "type": "string"
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
          }
        }
      },
      "Subscribe": {
        "type": "object",
        "description": "Exactly one of `query` and `stream`.",
        "required": [
          "type",
          "id"
        ],
        "properties": {
          "type": {
            "type": "string",
            "const": "subscribe"
          },
          "id": {
            "$ref": "#/components/schemas/SubscriptionId"
          },
          "query": {
            "type": "string",
            "description": "Name of an aggregation."
          },
          "stream": {
            "type": "string",
            "description": "Name of a model."
          },
          "params": {
            "$ref": "#/components/schemas/LiveQueryParams"
          },
          "after": {
            "type": "string",
            "description": "A position of this server; the subscription goes on from there."
          },
          "throttleMs": {
            "type": "number",
            "minimum": 0,
            "maximum": 60000,
            "description": "Deltas at most this often."
          }
        }
      },
      "Unsubscribe": {
        "type": "object",
        "required": [
          "type",
          "id"
        ],
        "properties": {
          "type": {
            "type": "string",
            "const": "unsubscribe"
          },
          "id": {
            "$ref": "#/components/schemas/SubscriptionId"
          }
        }
      },
      "Ready": {
        "type": "object",
        "required": [
          "type",
          "session",
          "heartbeatMs"
        ],
        "properties": {
          "type": {
            "type": "string",
            "const": "ready"
          },
          "session": {
            "type": "string",
            "description": "Names the connection in the log of the server."
          },
          "heartbeatMs": {
            "type": "integer",
            "description": "The server pings this often; answer within twice as long."
          }
        }
      },
      "LiveColumn": {
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
      "LiveRow": {
        "type": "array",
        "items": {},
        "description": "Values in column order; 64-bit integers are strings."
      },
      "Snapshot": {
        "type": "object",
        "required": [
          "type",
          "id",
          "columns",
          "key",
          "rows",
          "position"
        ],
        "properties": {
          "type": {
            "type": "string",
            "const": "snapshot"
          },
          "id": {
            "$ref": "#/components/schemas/SubscriptionId"
          },
          "columns": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/LiveColumn"
            }
          },
          "key": {
            "type": "array",
            "items": {
              "type": "string"
            },
            "description": "Names of the columns that name a row."
          },
          "rows": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/LiveRow"
            }
          },
          "position": {
            "type": "string"
          }
        }
      },
      "Delta": {
        "type": "object",
        "required": [
          "type",
          "id",
          "upsert",
          "remove",
          "position"
        ],
        "properties": {
          "type": {
            "type": "string",
            "const": "delta"
          },
          "id": {
            "$ref": "#/components/schemas/SubscriptionId"
          },
          "upsert": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/LiveRow"
            },
            "description": "Rows that are new, or have changed."
          },
          "remove": {
            "type": "array",
            "items": {
              "$ref": "#/components/schemas/LiveRow"
            },
            "description": "Key values, in the order of the snapshot's `key`."
          },
          "position": {
            "type": "string"
          }
        }
      },
      "Events": {
        "type": "object",
        "required": [
          "type",
          "id",
          "rows",
          "position"
        ],
        "properties": {
          "type": {
            "type": "string",
            "const": "events"
          },
          "id": {
            "$ref": "#/components/schemas/SubscriptionId"
          },
          "rows": {
            "type": "array",
            "items": {},
            "description": "The events as they were accepted."
          },
          "position": {
            "type": "string"
          }
        }
      },
      "Resumed": {
        "type": "object",
        "required": [
          "type",
          "id",
          "recovered"
        ],
        "properties": {
          "type": {
            "type": "string",
            "const": "resumed"
          },
          "id": {
            "$ref": "#/components/schemas/SubscriptionId"
          },
          "recovered": {
            "type": "boolean",
            "description": "`false`: a snapshot follows."
          }
        }
      },
      "Complete": {
        "type": "object",
        "required": [
          "type",
          "id"
        ],
        "properties": {
          "type": {
            "type": "string",
            "const": "complete"
          },
          "id": {
            "$ref": "#/components/schemas/SubscriptionId"
          }
        }
      },
      "LiveProblem": {
        "type": "object",
        "description": "RFC 9457 problem.",
        "required": [
          "type",
          "title",
          "status",
          "code"
        ],
        "properties": {
          "type": {
            "type": "string"
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
            "type": "string",
            "description": "From the list of the HTTP contract, ErrorCode."
          },
          "detail": {
            "type": "string",
            "description": "What, which value, and what to do."
          },
          "requestId": {
            "type": "string"
          },
          "retryAfterSeconds": {
            "type": "number",
            "description": "When to try again."
          }
        },
        "additionalProperties": true
      },
      "LiveError": {
        "type": "object",
        "required": [
          "type",
          "problem"
        ],
        "properties": {
          "type": {
            "type": "string",
            "const": "error"
          },
          "id": {
            "type": "string",
            "description": "Absent when the error is of the connection."
          },
          "problem": {
            "$ref": "#/components/schemas/LiveProblem"
          }
        }
      },
      "Ping": {
        "type": "object",
        "required": [
          "type"
        ],
        "properties": {
          "type": {
            "type": "string",
            "const": "ping"
          }
        }
      },
      "Pong": {
        "type": "object",
        "required": [
          "type"
        ],
        "properties": {
          "type": {
            "type": "string",
            "const": "pong"
          }
        }
      }
    }
  },
  "id": "urn:moose:live"
};
