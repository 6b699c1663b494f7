/** The only suite that is sealed with. */
export declare const SUITE = "DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM";
/** What each category is submitted for. */
declare const PURPOSES: {
    readonly payment_card: "billing";
    readonly health: "care";
};
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
export declare class KeyRefused extends Error {
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
export declare function seal(key: SubmissionKey, signer: string, customerId: string, category: Category, values: Readonly<Record<string, string>>): Promise<SubmissionInput>;
export {};
