// What members of a group tell each other through Kafka: which topics they follow, what they hold, who gets what.

import { assignPartitions } from "../../model/assign-partitions.ts";
import { AssignerProtocol } from "./kafkajs.ts";

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A group whose members speak otherwise cannot be joined. */
export const PROTOCOL_NAME = "moose-cooperative-1";
const VERSION = 1;

export const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}\0${partition}`;

/** What a member says when it joins. */
export function encodeSubscription(topics: readonly string[], held: readonly TopicPartition[]): Buffer {
  const userData = Buffer.from(JSON.stringify(held.map(({ topic, partition }) => [topic, partition])));
  return AssignerProtocol.MemberMetadata.encode({ version: VERSION, topics: [...topics], userData });
}

export function encodeAssignment(partitions: readonly TopicPartition[]): Buffer {
  const assignment: Record<string, number[]> = {};
  for (const { topic, partition } of partitions) assignment[topic] = [...(assignment[topic] ?? []), partition];
  return AssignerProtocol.MemberAssignment.encode({ version: VERSION, assignment, userData: Buffer.alloc(0) });
}

export function decodeAssignment(bytes: Buffer): readonly TopicPartition[] {
  const assignment = AssignerProtocol.MemberAssignment.decode(bytes)?.assignment as
    | Record<string, number[]>
    | undefined;
  return Object.entries(assignment ?? {}).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}

interface Subscription {
  readonly memberId: string;
  readonly topics: readonly string[];
  readonly held: readonly TopicPartition[];
}

export function decodeSubscription(memberId: string, bytes: Buffer): Subscription {
  const { topics, userData } = AssignerProtocol.MemberMetadata.decode(bytes)!;
  const held = JSON.parse(userData.length === 0 ? "[]" : userData.toString("utf8")) as [string, number][];
  return { memberId, topics, held: held.map(([topic, partition]) => ({ topic, partition })) };
}

/**
 * Who gets what. A partition that is to change hands while its holder is here is given to nobody: the holder sees that it is not
 * among its own any more, stops with it and joins again, and then it is free (as KIP-429 describes). Pure.
 */
export function shareOut(
  members: readonly Subscription[],
  partitionsOf: (topic: string) => number,
): ReadonlyMap<string, readonly TopicPartition[]> {
  const holders = new Map<string, string>();
  for (const { memberId, held } of members)
    for (const at of held) if (!holders.has(keyOf(at))) holders.set(keyOf(at), memberId);
  const places = new Map<string, TopicPartition>();
  for (const topic of new Set(members.flatMap(({ topics }) => topics)))
    for (let partition = 0; partition < partitionsOf(topic); partition++)
      places.set(keyOf({ topic, partition }), { topic, partition });
  const followers = (topic: string): string[] =>
    members.filter(({ topics }) => topics.includes(topic)).map(({ memberId }) => memberId);
  const target = assignPartitions(
    [...places].map(([key, { topic }]) => ({
      key,
      stream: topic,
      followers: followers(topic),
      holder: holders.get(key),
    })),
  );
  const shares = new Map<string, TopicPartition[]>(members.map(({ memberId }) => [memberId, []]));
  for (const [key, memberId] of target) {
    const holder = holders.get(key);
    if (holder === undefined || holder === memberId) shares.get(memberId)!.push(places.get(key)!);
  }
  return shares;
}
