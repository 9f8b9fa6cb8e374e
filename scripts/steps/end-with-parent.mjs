// Loaded into a child process with --import: ends it when the process that started it is gone, however that one ended.
process.on("disconnect", () => process.exit(0));
process.channel?.unref();
