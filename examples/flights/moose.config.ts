// How this project runs: everything left out has the default of the server.
import { defineConfig } from "@moose/server";

export default defineConfig({ public: "dist-page" });
