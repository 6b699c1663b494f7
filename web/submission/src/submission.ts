import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";

/** The only suite that is sealed with. */
export const SUITE = "DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM";

/** What each category is submitted for. */
const PURPOSES = { payment_card: "billing", health: "care" } as const;

export type Category = keyof typeof PURPOSES;

/** `submissionKey` as the server answered it, with all its fields. */
export interface SubmissionKey {
  id: string;
  suite: string;
  publicKey: string;
  expiresAt: string;
  signature: string;
}

/** The input of `paymentCardSubmit` and of `healthRecordSubmit`. */
export interface SubmissionInput {
  customerId: string;
  keyId: string;
  sealed: string;
}

/** The key is not the server's, or nothing that can be sealed to; nothing was sealed. */
export class KeyRefused extends Error {
  readonly code = "SUBMISSION_KEY_REFUSED";
}

/**
 * Seal a card or a health record, so that nobody on the way to the server can read it.
 *
 * @param key fetched for this form, not kept
 * @param signer the server's signing key, base64url of 32 bytes; from your build, never from the server's answers
 * @param customerId as the server writes it
 * @param values the members, such as number, expiry and holder; never a security code
 * @throws KeyRefused
 */
export async function seal(
  key: SubmissionKey,
  signer: string,
  customerId: string,
  category: Category,
  values: Readonly<Record<string, string>>,
): Promise<SubmissionInput> {
  await check(key, signer);
  const nonce = crypto.getRandomValues(new Uint8Array(16));
  const bound = lines("savas submission 1", category, PURPOSES[category], customerId, key.id, encoded(nonce));
  const suite = new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });
  const recipientPublicKey = await suite.kem.deserializePublicKey(decoded(key.publicKey).buffer);
  const sender = await suite.createSenderContext({ recipientPublicKey, info: bound.buffer });
  const plain = new TextEncoder().encode(JSON.stringify(values));
  const sealed = new Uint8Array(await sender.seal(plain.buffer));
  plain.fill(0);
  return { customerId, keyId: key.id, sealed: encoded(joined(Uint8Array.of(1), nonce, new Uint8Array(sender.enc), sealed)) };
}

/** Let a key pass that the owner of `signer` signed, and no other. */
async function check(key: SubmissionKey, signer: string): Promise<void> {
  if (key.suite !== SUITE) throw new KeyRefused("The key is for another suite.");
  if (!(Date.parse(key.expiresAt) > Date.now())) throw new KeyRefused("The key has ended. Fetch it anew.");
  const statement = lines("savas submission key 1", key.id, key.suite, key.publicKey, key.expiresAt);
  const owner = await crypto.subtle.importKey("raw", decoded(signer), "Ed25519", false, ["verify"]);
  if (!(await crypto.subtle.verify("Ed25519", owner, decoded(key.signature), statement)))
    throw new KeyRefused("The key is not signed by this server.");
}

function lines(...parts: string[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(parts.map((part) => `${part}\n`).join(""));
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function encoded(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decoded(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}
