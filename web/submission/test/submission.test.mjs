// Against a running server, which tests/web/test_submission.py starts: SAVAS_URL, SAVAS_TOKEN, SAVAS_CUSTOMER, SAVAS_SIGNER.
import assert from "node:assert/strict";
import { test } from "node:test";
import { KeyRefused, seal } from "../dist/submission.js";

const { SAVAS_URL: url, SAVAS_TOKEN: token, SAVAS_CUSTOMER: customer, SAVAS_SIGNER: signer } = process.env;
const CARD = { number: "5555 5555 5555 4444", expiry: "2029-07" };

async function ask(query, variables) {
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  return (await answer.json()).data;
}

async function key() {
  return (await ask("{ submissionKey { id suite publicKey expiresAt signature } }")).submissionKey;
}

async function submit(input) {
  const query = `mutation ($input: SubmissionInput!) {
    paymentCardSubmit(input: $input) { paymentCard { brand lastFour } userErrors { code } }
  }`;
  return (await ask(query, { input })).paymentCardSubmit;
}

test("a card arrives, and once", async () => {
  const input = await seal(await key(), signer, customer, "payment_card", CARD);
  assert.deepEqual(await submit(input), { paymentCard: { brand: "MASTERCARD", lastFour: "4444" }, userErrors: [] });
  assert.deepEqual(await submit(input), { paymentCard: null, userErrors: [{ code: "SUBMISSION_REPLAYED" }] });
});

test("what was sealed for another category does not open", async () => {
  const input = await seal(await key(), signer, customer, "health", CARD);
  assert.deepEqual((await submit(input)).userErrors, [{ code: "SUBMISSION_BROKEN" }]);
});

test("nothing is sealed to a key that the server did not sign", async () => {
  const real = await key();
  for (const forged of [
    { ...real, publicKey: signer },
    { ...real, id: "0" },
    { ...real, expiresAt: "2999-01-01T00:00:00+00:00" },
    { ...real, suite: "another" },
    { ...real, expiresAt: "2001-01-01T00:00:00+00:00" },
  ])
    await assert.rejects(seal(forged, signer, customer, "payment_card", CARD), KeyRefused);
});
