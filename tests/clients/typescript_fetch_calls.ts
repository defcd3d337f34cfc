/** Ten calls with the package that openapi-generator makes for TypeScript, in `./client`. */
import { readFileSync } from "node:fs";
import {
  CasesApi, Configuration, DecisionsApi, FactsApi, HooksApi, ResponseError, ScoreFromJSON, ServiceApi,
} from "./client";

const settings = new Configuration({ basePath: process.env.URL, accessToken: process.env.KEY });
const deciding = new DecisionsApi(settings);
const body = ScoreFromJSON(JSON.parse(readFileSync(0, "utf8")));
const refundId: string = body.refund.refundId;

async function refused(): Promise<unknown[]> {
  const score = { refund: { ...body.refund, requestedAt: new Date(0) } };
  try {
    await deciding.score({ score });
  } catch (error) {
    if (error instanceof ResponseError) {
      const problem = (await error.response.json()) as { errors: { field: string }[] };
      return [error.response.status, problem.errors[0].field];
    }
    throw error;
  }
  return [];
}

async function main(): Promise<void> {
  const ready = await new ServiceApi(settings).readyzRaw();
  const orders = await new FactsApi(settings).storeOrdersRaw({
    orderLine: body.order ?? [],
  });
  const made = await deciding.scoreRaw({ score: body });
  const decision = await made.value();
  const read = await deciding.decisions({ refundId });
  const found = {
    ready: ready.raw.status,
    orders: orders.raw.status,
    score: made.raw.status,
    tier: decision.tier,
    decisions: read.length === 1 && read[0].decisionId === decision.decisionId,
    decision: (await deciding.decision({ decisionId: decision.decisionId })).refundId,
    again: (await deciding.scoreAgainRaw({ refundId })).raw.status,
    batch: (await deciding.scoreBatchRaw({ score: [body] })).raw.status,
    cases: (await new CasesApi(settings).casesRaw({ limit: 2 })).raw.status,
    inbox: (await new HooksApi(settings).inboxRaw({ limit: 2 })).raw.status,
    model: (await deciding.model()).version,
    wrong: await refused(),
  };
  console.log(JSON.stringify(found));
}

void main();
