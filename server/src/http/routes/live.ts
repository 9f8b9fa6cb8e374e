// `GET /live`: who may upgrade to `moose.live.v1`, and the answer to a plain request.
import { LIVE_SUBPROTOCOL } from "@moose/openapi";
import { MooseError } from "../../model/errors.ts";
import type { LiveHub } from "../../ports/live-socket.ts";
import type { CorsPolicy } from "../cors.ts";
import type { Route, SocketEndpoint } from "../http-types.ts";

const LIVE_PATH = "/live";

export function liveEndpoint(live: LiveHub, cors: CorsPolicy): SocketEndpoint {
  return {
    path: LIVE_PATH,
    subprotocol: LIVE_SUBPROTOCOL,
    maxMessageBytes: live.maxMessageBytes,
    refuse(origin, offered) {
      // Browsers let any page open a WebSocket anywhere and send its cookies along: the origin is all that tells them apart.
      if (!cors.allows(origin)) {
        return new MooseError(
          "forbidden",
          `The origin ${origin.slice(0, 200)} may not connect. Add it to http.corsOrigins.`,
        );
      }
      if (!offered.includes(LIVE_SUBPROTOCOL)) {
        return new MooseError("invalid_parameter", `Offer the WebSocket subprotocol ${LIVE_SUBPROTOCOL}.`);
      }
      return undefined;
    },
    open: (socket) => live.connect(socket),
  };
}

/** Reached only by requests that are no WebSocket handshake. */
export const liveRoutes: readonly Route[] = [
  {
    method: "GET",
    path: LIVE_PATH,
    handler() {
      throw new MooseError(
        "upgrade_required",
        `${LIVE_PATH} is a WebSocket. Connect with the subprotocol ${LIVE_SUBPROTOCOL}.`,
      );
    },
  },
];
