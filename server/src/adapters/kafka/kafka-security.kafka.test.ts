// TLS with real certificates, client certificates, and users by PLAIN and SCRAM, against a broker that asks for them.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { KafkaConfig } from "../../model/kafka-config.ts";
import { recordsOf, rowsOf } from "../../model/record-rows.ts";
import { startTestBroker, type TestBroker } from "./test-broker.ts";
import { EVERYTHING, openTestLog } from "./test-kafka-log.ts";

const STREAM = "Flight.1.0";
const module = "org.apache.kafka.common.security";
let folder: string;
let broker: TestBroker;

const pem = (name: string): string => readFileSync(join(folder, name), "utf8");
const openssl = (...args: string[]): void => {
  execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
};

function makeAuthority(name: string): void {
  openssl(
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "2",
    "-subj",
    `/CN=${name}`,
    "-keyout",
    `${name}.key`,
    "-out",
    `${name}.crt`,
  );
}

function makeCertificate(name: string, authority: string, alternatives: string): void {
  openssl(
    "req",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-subj",
    `/CN=${name}`,
    "-keyout",
    `${name}.key`,
    "-out",
    `${name}.csr`,
  );
  writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${alternatives}\n`);
  openssl(
    "x509",
    "-req",
    "-in",
    `${name}.csr`,
    "-CA",
    `${authority}.crt`,
    "-CAkey",
    `${authority}.key`,
    "-CAcreateserial",
    "-days",
    "2",
    "-extfile",
    `${name}.ext`,
    "-out",
    `${name}.crt`,
  );
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "moose-kafka-tls-"));
  makeAuthority("authority");
  makeAuthority("stranger");
  makeCertificate("broker", "authority", "IP:127.0.0.1,DNS:localhost");
  makeCertificate("client", "authority", "DNS:client");
  writeFileSync(join(folder, "broker.pem"), pem("broker.key") + pem("broker.crt"));
  const scram = (bits: number) => `listener.name.users.scram-sha-${bits}.sasl.jaas.config`;
  broker = await startTestBroker({
    listeners: { TLS: "SSL", MUTUAL: "SSL", USERS: "SASL_SSL", BARE: "SASL_PLAINTEXT" },
    scram: ["SCRAM-SHA-256=[name=ada,password=secret-256]", "SCRAM-SHA-512=[name=ada,password=secret-512]"],
    properties: {
      "ssl.keystore.type": "PEM",
      "ssl.keystore.location": join(folder, "broker.pem"),
      "ssl.truststore.type": "PEM",
      "ssl.truststore.location": join(folder, "authority.crt"),
      "listener.name.mutual.ssl.client.auth": "required",
      "listener.name.users.sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
      "listener.name.bare.sasl.enabled.mechanisms": "PLAIN",
      "listener.name.users.plain.sasl.jaas.config": `${module}.plain.PlainLoginModule required user_ada="secret";`,
      "listener.name.bare.plain.sasl.jaas.config": `${module}.plain.PlainLoginModule required user_ada="secret";`,
      [scram(256)]: `${module}.scram.ScramLoginModule required;`,
      [scram(512)]: `${module}.scram.ScramLoginModule required;`,
    },
  });
});
afterAll(async () => {
  await broker?.remove();
  rmSync(folder, { recursive: true, force: true });
});

type Access = Pick<KafkaConfig, "ssl" | "sasl">;
const open = (listener: string, access: Access) =>
  openTestLog(`127.0.0.1:${broker.ports[listener]}`, { ...access, openTimeoutMs: 3_000 });
const trusted = () => ({ ca: pem("authority.crt") });
const user = (mechanism: NonNullable<KafkaConfig["sasl"]>["mechanism"], password: string) => ({
  sasl: { mechanism, username: "ada", password },
});

it.each<[string, string, () => Access]>([
  ["TLS", "TLS", () => ({ ssl: trusted() })],
  [
    "a client's certificate",
    "MUTUAL",
    () => ({ ssl: { ...trusted(), cert: pem("client.crt"), key: pem("client.key") } }),
  ],
  ["PLAIN over TLS", "USERS", () => ({ ssl: trusted(), ...user("plain", "secret") })],
  ["SCRAM-SHA-256 over TLS", "USERS", () => ({ ssl: trusted(), ...user("scram-sha-256", "secret-256") })],
  ["SCRAM-SHA-512 over TLS", "USERS", () => ({ ssl: trusted(), ...user("scram-sha-512", "secret-512") })],
  ["PLAIN without TLS", "BARE", () => user("plain", "secret")],
])("appends, reads and takes part in groups by %s", async (_, listener, access) => {
  const log = await open(listener, access());
  await log.ensureStream(STREAM, { partitions: 1 });
  await log.append(STREAM, recordsOf(['{"n":1}'], "abc", 1));
  expect(rowsOf(await log.read(STREAM, 0, 0, EVERYTHING))).toEqual(['{"n":1}']);
  const membership = await log.join("table", { assigned: () => {}, revoked: async () => {} });
  await membership.follow([STREAM]);
  await log.saveProgress("table", STREAM, 0, { committed: 1 });
  expect(await log.progress("table", STREAM, 0)).toEqual({ committed: 1 });
  await log.close();
});

it.each<[string, string, () => Access]>([
  ["an authority that the client does not know", "TLS", () => ({ ssl: { ca: pem("stranger.crt") } })],
  ["no authority but the system's", "TLS", () => ({ ssl: true })],
  ["no client's certificate", "MUTUAL", () => ({ ssl: trusted() })],
  ["a wrong password of PLAIN", "USERS", () => ({ ssl: trusted(), ...user("plain", "wrong") })],
  ["a wrong password of SCRAM", "USERS", () => ({ ssl: trusted(), ...user("scram-sha-512", "wrong") })],
  ["a mechanism that the broker has not", "BARE", () => user("scram-sha-256", "secret-256")],
])("refuses to start with %s, and says which setting", async (_, listener, access) => {
  const error: unknown = await open(listener, access()).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "config_invalid", message: expect.stringContaining("stream.kafka") });
  expect((error as Error).message).not.toContain("wrong");
  expect((error as Error).message).not.toContain("secret");
});
