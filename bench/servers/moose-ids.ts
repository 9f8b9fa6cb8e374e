// The ingest role as the SDK meets it: with idempotency keys, event ids and CORS; without table writer and database.
import { modelSpec } from "@moose/core";
import { startIngestServer } from "../../e2e/bodies/start-ingest-server.ts";
import { PageView } from "../wide/models/page-view.ts";
import { announce } from "./announce.ts";

const server = await startIngestServer({ models: [modelSpec(PageView)], maxBodyBytes: 16 * 1024 * 1024 });
announce(server.port, () => server.close());
