// Three brokers of Apache Kafka, for tests: each is a controller, too, so that one may be away; three replicas, two in sync.
import { Kafka, logLevel } from "./kafkajs.ts";
import { freePorts, prepareTestBroker, type TestBroker } from "./test-broker.ts";

export interface TestCluster {
  readonly addresses: readonly string[];
  readonly brokers: readonly TestBroker[];
  /** Partitions of which a replica is not in sync; more than there are when nobody can say. */
  underReplicated(): Promise<number>;
  remove(): Promise<void>;
}

const NODES = [1, 2, 3];

export async function startTestCluster(): Promise<TestCluster> {
  const controllers = await freePorts(NODES.length);
  const properties = {
    "controller.quorum.voters": NODES.map((node, i) => `${node}@127.0.0.1:${controllers[i]}`).join(),
    "offsets.topic.replication.factor": "3",
    "transaction.state.log.replication.factor": "3",
    "transaction.state.log.min.isr": "2",
    "default.replication.factor": "3",
    "min.insync.replicas": "2",
  };
  const brokers = await Promise.all(
    NODES.map((nodeId, i) => prepareTestBroker({ nodeId, controllerPort: controllers[i]!, properties })),
  );
  const remove = async (): Promise<void> => {
    await Promise.all(brokers.map((broker) => broker.remove()));
  };
  try {
    // One alone does not get ready: it needs another for a majority.
    await Promise.all(brokers.map((broker) => broker.start()));
  } catch (error) {
    await remove();
    throw error;
  }
  const addresses = brokers.map(({ address }) => address);
  return { addresses, brokers, underReplicated: () => underReplicated(addresses), remove };
}

async function underReplicated(brokers: string[]): Promise<number> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { retries: 0 } }).admin();
  try {
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata();
    const partitions = topics.flatMap((topic) => topic.partitions);
    return partitions.filter(({ isr, replicas }) => isr.length < replicas.length).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
