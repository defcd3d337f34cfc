/** Ten calls with the types that openapi-typescript generates, through openapi-fetch. */
import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

const client = createClient<paths>({
  baseUrl: process.env.URL,
  headers: { authorization: `Bearer ${process.env.KEY}` },
});
type Score = components["schemas"]["Score"];
const body: Score = JSON.parse(readFileSync(0, "utf8"));
const refund_id: string = body.refund.refund_id;

async function main(): Promise<void> {
  const ready = await client.GET("/readyz");
  const orders = await client.POST("/v1/orders", { body: body.order ?? [] });
  const made = await client.POST("/v1/refunds/score", { body });
  const read = await client.GET("/v1/refunds/{refund_id}/decisions", {
    params: { path: { refund_id } },
  });
  const decision_id = made.data?.decision_id ?? "";
  const one = await client.GET("/v1/decisions/{decision_id}", { params: { path: { decision_id } } });
  const again = await client.POST("/v1/refunds/{refund_id}/score", {
    params: { path: { refund_id } },
  });
  const batch = await client.POST("/v1/refunds/score/batch", { body: [body] });
  const cases = await client.GET("/v1/cases", { params: { query: { limit: 2 } } });
  const inbox = await client.GET("/v1/hooks/inbox", { params: { query: { limit: 2 } } });
  const model = await client.GET("/v1/model");
  const wrong = await client.POST("/v1/refunds/score", {
    body: { refund: { ...body.refund, amount: "-1" } },
  });
  const found = {
    ready: ready.response.status,
    orders: orders.response.status,
    score: made.response.status,
    tier: made.data?.tier,
    decisions: read.data?.length === 1 && read.data[0].decision_id === decision_id,
    decision: one.data?.refund_id,
    again: again.response.status,
    batch: batch.response.status,
    cases: cases.response.status,
    inbox: inbox.response.status,
    model: model.data?.version,
    wrong: [wrong.response.status, wrong.error?.errors?.[0]?.field],
  };
  console.log(JSON.stringify(found));
}

void main();
