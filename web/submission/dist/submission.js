// node_modules/@hpke/common/esm/src/errors.js
var e = class extends Error {
	constructor(e) {
		let t;
		t = e instanceof Error ? e.message : typeof e == "string" ? e : "", super(t), this.name = this.constructor.name;
	}
}, t = class extends e {}, n = class extends e {}, r = class extends e {}, i = class extends e {}, a = class extends e {}, o = class extends e {}, s = class extends e {}, c = class extends e {}, l = class extends e {}, u = class extends e {}, d = class extends e {}, f = p(globalThis, {});
function p(e, t) {
	return new Proxy(e, {
		get(n, r, i) {
			return r in t ? t[r] : e[r];
		},
		set(n, r, i) {
			return r in t && delete t[r], e[r] = i, !0;
		},
		deleteProperty(n, r) {
			let i = !1;
			return r in t && (delete t[r], i = !0), r in e && (delete e[r], i = !0), i;
		},
		ownKeys(n) {
			let r = Reflect.ownKeys(e), i = Reflect.ownKeys(t), a = new Set(i);
			return [...r.filter((e) => !a.has(e)), ...i];
		},
		defineProperty(n, r, i) {
			return r in t && delete t[r], Reflect.defineProperty(e, r, i), !0;
		},
		getOwnPropertyDescriptor(n, r) {
			return r in t ? Reflect.getOwnPropertyDescriptor(t, r) : Reflect.getOwnPropertyDescriptor(e, r);
		},
		has(n, r) {
			return r in t || r in e;
		}
	});
}
// node_modules/@hpke/common/esm/src/algorithm.js
async function m() {
	if (f !== void 0 && globalThis.crypto !== void 0) return globalThis.crypto.subtle;
	try {
		let { webcrypto: e } = await import("crypto");
		return e.subtle;
	} catch (e) {
		throw new d(e);
	}
}
var h = class {
	constructor() {
		Object.defineProperty(this, "_api", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		});
	}
	async _setup() {
		this._api === void 0 && (this._api = await m());
	}
}, g = {
	Base: 0,
	Psk: 1,
	Auth: 2,
	AuthPsk: 3
}, _ = {
	NotAssigned: 0,
	DhkemP256HkdfSha256: 16,
	DhkemP384HkdfSha384: 17,
	DhkemP521HkdfSha512: 18,
	DhkemSecp256k1HkdfSha256: 19,
	DhkemX25519HkdfSha256: 32,
	DhkemX448HkdfSha512: 33,
	HybridkemX25519Kyber768: 48,
	MlKem512: 64,
	MlKem768: 65,
	MlKem1024: 66,
	XWing: 25722
}, v = {
	HkdfSha256: 1,
	HkdfSha384: 2,
	HkdfSha512: 3,
	Sha3256: 4,
	Sha3384: 5,
	Sha3512: 6,
	Shake128: 16,
	Shake256: 17,
	TurboShake128: 18,
	TurboShake256: 19
}, y = {
	Aes128Gcm: 1,
	Aes256Gcm: 2,
	Chacha20Poly1305: 3,
	ExportOnly: 65535
}, b = /* @__PURE__ */ new Uint8Array(), ee = /* @__PURE__ */ new Uint8Array([
	75,
	69,
	77,
	0,
	0
]), x = /* @__PURE__ */ new Uint8Array([
	72,
	80,
	75,
	69,
	45,
	118,
	49
]);
function S(e) {
	return new Uint8Array(C(e));
}
function C(e) {
	return e instanceof ArrayBuffer ? e : ArrayBuffer.isView(e) ? new Uint8Array(e.buffer, e.byteOffset, e.byteLength).slice().buffer : new Uint8Array(e).slice().buffer;
}
var te = class extends h {
	constructor() {
		super(), Object.defineProperty(this, "id", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: v.HkdfSha256
		}), Object.defineProperty(this, "hashSize", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: 0
		}), Object.defineProperty(this, "_suiteId", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: b
		}), Object.defineProperty(this, "algHash", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: {
				name: "HMAC",
				hash: "SHA-256",
				length: 256
			}
		});
	}
	init(e) {
		this._suiteId = e;
	}
	buildLabeledIkm(e, t) {
		this._checkInit();
		let n = new Uint8Array(7 + this._suiteId.byteLength + e.byteLength + t.byteLength);
		return n.set(x, 0), n.set(this._suiteId, 7), n.set(e, 7 + this._suiteId.byteLength), n.set(t, 7 + this._suiteId.byteLength + e.byteLength), n;
	}
	buildLabeledInfo(e, t, n) {
		this._checkInit();
		let r = new Uint8Array(9 + this._suiteId.byteLength + e.byteLength + t.byteLength);
		return r.set(new Uint8Array([0, n]), 0), r.set(x, 2), r.set(this._suiteId, 9), r.set(e, 9 + this._suiteId.byteLength), r.set(t, 9 + this._suiteId.byteLength + e.byteLength), r;
	}
	async extract(e, n) {
		await this._setup();
		let r = e.byteLength === 0 ? new ArrayBuffer(this.hashSize) : C(e);
		if (r.byteLength !== this.hashSize) throw new t("The salt length must be the same as the hashSize");
		let i = C(n), a = await this._api.importKey("raw", r, this.algHash, !1, ["sign"]);
		return await this._api.sign("HMAC", a, i);
	}
	async expand(e, t, n) {
		await this._setup();
		let r = C(e), i = await this._api.importKey("raw", r, this.algHash, !1, ["sign"]), a = new ArrayBuffer(n), o = new Uint8Array(a), s = b, c = S(t), l = /* @__PURE__ */ new Uint8Array(1);
		if (n > 255 * this.hashSize) throw Error("Entropy limit reached");
		let u = new Uint8Array(this.hashSize + c.length + 1);
		for (let e = 1, t = 0; t < o.length; e++) l[0] = e, u.set(s, 0), u.set(c, s.length), u.set(l, s.length + c.length), s = new Uint8Array(await this._api.sign("HMAC", i, u.slice(0, s.length + c.length + 1))), o.length - t >= s.length ? (o.set(s, t), t += s.length) : (o.set(s.slice(0, o.length - t), t), t += o.length - t);
		return a;
	}
	async extractAndExpand(e, t, n, r) {
		await this._setup();
		let i = C(t), a = await this._api.importKey("raw", i, "HKDF", !1, ["deriveBits"]);
		return await this._api.deriveBits({
			name: "HKDF",
			hash: this.algHash.hash,
			salt: C(e),
			info: C(n)
		}, a, r * 8);
	}
	async labeledExtract(e, t, n) {
		return await this.extract(e, this.buildLabeledIkm(t, n));
	}
	async labeledExpand(e, t, n, r) {
		return await this.expand(e, this.buildLabeledInfo(t, n, r), r);
	}
	_checkInit() {
		if (this._suiteId === b) throw Error("Not initialized. Call init()");
	}
}, w = class extends te {
	constructor() {
		super(...arguments), Object.defineProperty(this, "id", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: v.HkdfSha256
		}), Object.defineProperty(this, "hashSize", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: 32
		}), Object.defineProperty(this, "algHash", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: {
				name: "HMAC",
				hash: "SHA-256",
				length: 256
			}
		});
	}
}, T = (e) => typeof e == "object" && !!e && typeof e.privateKey == "object" && typeof e.publicKey == "object";
function E(e, t) {
	if (t <= 0) throw Error("i2Osp: too small size");
	if (e >= 256 ** t) throw Error("i2Osp: too large integer");
	let n = new Uint8Array(t);
	for (let r = 0; r < t && e; r++) n[t - (r + 1)] = e % 256, e = Math.floor(e / 256);
	return n;
}
function D(e, t) {
	let n = new Uint8Array(e.length + t.length);
	return n.set(e, 0), n.set(t, e.length), n;
}
function O(e) {
	let t = e.replace(/-/g, "+").replace(/_/g, "/"), n = atob(t), r = new Uint8Array(n.length);
	for (let e = 0; e < n.length; e++) r[e] = n.charCodeAt(e);
	return r;
}
function k(e, t) {
	if (e.byteLength !== t.byteLength) throw Error("xor: different length inputs");
	let n = new Uint8Array(e.byteLength);
	for (let r = 0; r < e.byteLength; r++) n[r] = e[r] ^ t[r];
	return n;
}
// node_modules/@hpke/common/esm/src/kems/dhkem.js
var A = /* @__PURE__ */ new Uint8Array([
	101,
	97,
	101,
	95,
	112,
	114,
	107
]), j = /* @__PURE__ */ new Uint8Array([
	115,
	104,
	97,
	114,
	101,
	100,
	95,
	115,
	101,
	99,
	114,
	101,
	116
]);
function M(e, t, n) {
	let r = new Uint8Array(e.length + t.length + n.length);
	return r.set(e, 0), r.set(t, e.length), r.set(n, e.length + t.length), r;
}
var ne = class {
	constructor(e, t, n) {
		Object.defineProperty(this, "id", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), Object.defineProperty(this, "secretSize", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: 0
		}), Object.defineProperty(this, "encSize", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: 0
		}), Object.defineProperty(this, "publicKeySize", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: 0
		}), Object.defineProperty(this, "privateKeySize", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: 0
		}), Object.defineProperty(this, "_prim", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), Object.defineProperty(this, "_kdf", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), this.id = e, this._prim = t, this._kdf = n;
		let r = new Uint8Array(ee);
		r.set(E(this.id, 2), 3), this._kdf.init(r);
	}
	async serializePublicKey(e) {
		return await this._prim.serializePublicKey(e);
	}
	async deserializePublicKey(e) {
		return await this._prim.deserializePublicKey(C(e));
	}
	async serializePrivateKey(e) {
		return await this._prim.serializePrivateKey(e);
	}
	async deserializePrivateKey(e) {
		return await this._prim.deserializePrivateKey(C(e));
	}
	async importKey(e, t, n = !0) {
		return await this._prim.importKey(e, t, n);
	}
	async generateKeyPair() {
		return await this._prim.generateKeyPair();
	}
	async deriveKeyPair(e) {
		let n = C(e);
		if (n.byteLength > 8192) throw new t("Too long ikm");
		return await this._prim.deriveKeyPair(n);
	}
	async encap(e) {
		let t;
		t = e.ekm === void 0 ? await this.generateKeyPair() : T(e.ekm) ? e.ekm : await this.deriveKeyPair(e.ekm);
		let n = await this._prim.serializePublicKey(t.publicKey), r = await this._prim.serializePublicKey(e.recipientPublicKey);
		try {
			let i;
			if (e.senderKey === void 0) i = new Uint8Array(await this._prim.dh(t.privateKey, e.recipientPublicKey));
			else {
				let n = T(e.senderKey) ? e.senderKey.privateKey : e.senderKey;
				i = D(new Uint8Array(await this._prim.dh(t.privateKey, e.recipientPublicKey)), new Uint8Array(await this._prim.dh(n, e.recipientPublicKey)));
			}
			let a;
			if (e.senderKey === void 0) a = D(new Uint8Array(n), new Uint8Array(r));
			else {
				let t = T(e.senderKey) ? e.senderKey.publicKey : await this._prim.derivePublicKey(e.senderKey), i = await this._prim.serializePublicKey(t);
				a = M(new Uint8Array(n), new Uint8Array(r), new Uint8Array(i));
			}
			return {
				enc: n,
				sharedSecret: await this._generateSharedSecret(i, a)
			};
		} catch (e) {
			throw new i(e);
		}
	}
	async decap(e) {
		let t = C(e.enc), n = await this._prim.deserializePublicKey(t), r = T(e.recipientKey) ? e.recipientKey.privateKey : e.recipientKey, i = T(e.recipientKey) ? e.recipientKey.publicKey : await this._prim.derivePublicKey(e.recipientKey), o = await this._prim.serializePublicKey(i);
		try {
			let i;
			i = e.senderPublicKey === void 0 ? new Uint8Array(await this._prim.dh(r, n)) : D(new Uint8Array(await this._prim.dh(r, n)), new Uint8Array(await this._prim.dh(r, e.senderPublicKey)));
			let a;
			if (e.senderPublicKey === void 0) a = D(new Uint8Array(t), new Uint8Array(o));
			else {
				let n = await this._prim.serializePublicKey(e.senderPublicKey);
				a = new Uint8Array(t.byteLength + o.byteLength + n.byteLength), a.set(new Uint8Array(t), 0), a.set(new Uint8Array(o), t.byteLength), a.set(new Uint8Array(n), t.byteLength + o.byteLength);
			}
			return await this._generateSharedSecret(i, a);
		} catch (e) {
			throw new a(e);
		}
	}
	async _generateSharedSecret(e, t) {
		let n = this._kdf.buildLabeledIkm(A, e), r = this._kdf.buildLabeledInfo(j, t, this.secretSize);
		return await this._kdf.extractAndExpand(b, n, r, this.secretSize);
	}
}, N = ["deriveBits"], re = /* @__PURE__ */ new Uint8Array([
	100,
	107,
	112,
	95,
	112,
	114,
	107
]), ie = /* @__PURE__ */ new Uint8Array([115, 107]), ae = ["encrypt", "decrypt"], oe = class extends h {
	constructor(e) {
		super(), Object.defineProperty(this, "_rawKey", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), Object.defineProperty(this, "_key", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), this._rawKey = C(e);
	}
	async seal(e, t, n) {
		await this._setupKey();
		let r = {
			name: "AES-GCM",
			iv: C(e),
			additionalData: C(n)
		};
		return await this._api.encrypt(r, this._key, C(t));
	}
	async open(e, t, n) {
		await this._setupKey();
		let r = {
			name: "AES-GCM",
			iv: C(e),
			additionalData: C(n)
		};
		return await this._api.decrypt(r, this._key, C(t));
	}
	async _setupKey() {
		if (this._key !== void 0) return;
		await this._setup();
		let e = await this._importKey(this._rawKey);
		new Uint8Array(this._rawKey).fill(0), this._key = e;
	}
	async _importKey(e) {
		return await this._api.importKey("raw", e, { name: "AES-GCM" }, !0, ae);
	}
}, se = class {
	constructor() {
		Object.defineProperty(this, "id", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: y.Aes128Gcm
		}), Object.defineProperty(this, "keySize", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: 16
		}), Object.defineProperty(this, "nonceSize", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: 12
		}), Object.defineProperty(this, "tagSize", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: 16
		});
	}
	createEncryptionContext(e) {
		return new oe(e);
	}
}, ce = class extends se {
	constructor() {
		super(...arguments), Object.defineProperty(this, "id", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: y.Aes256Gcm
		}), Object.defineProperty(this, "keySize", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: 32
		}), Object.defineProperty(this, "nonceSize", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: 12
		}), Object.defineProperty(this, "tagSize", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: 16
		});
	}
};
// node_modules/@hpke/core/esm/src/utils/emitNotSupported.js
function P() {
	return new Promise((e, t) => {
		t(new d("Not supported"));
	});
}
// node_modules/@hpke/core/esm/src/exporterContext.js
var le = new Uint8Array([
	115,
	101,
	99
]), F = class {
	constructor(e, t, n) {
		Object.defineProperty(this, "_api", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), Object.defineProperty(this, "exporterSecret", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), Object.defineProperty(this, "_kdf", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), this._api = e, this._kdf = t, this.exporterSecret = n;
	}
	async seal(e, t) {
		return await P();
	}
	async open(e, t) {
		return await P();
	}
	async export(e, n) {
		let r = C(e);
		if (r.byteLength > 8192) throw new t("Too long exporter context");
		try {
			return await this._kdf.labeledExpand(this.exporterSecret, le, new Uint8Array(r), n);
		} catch (e) {
			throw new o(e);
		}
	}
}, I = class extends F {}, L = class extends F {
	constructor(e, t, n, r) {
		super(e, t, n), Object.defineProperty(this, "enc", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), this.enc = r;
	}
}, R = class extends F {
	constructor(e, t, n) {
		if (super(e, t, n.exporterSecret), Object.defineProperty(this, "_aead", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), Object.defineProperty(this, "_nK", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), Object.defineProperty(this, "_nN", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), Object.defineProperty(this, "_nT", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), Object.defineProperty(this, "_ctx", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), n.key === void 0 || n.baseNonce === void 0 || n.seq === void 0) throw Error("Required parameters are missing");
		this._aead = n.aead, this._nK = this._aead.keySize, this._nN = this._aead.nonceSize, this._nT = this._aead.tagSize;
		let r = this._aead.createEncryptionContext(n.key);
		this._ctx = {
			key: r,
			baseNonce: n.baseNonce,
			seq: n.seq
		};
	}
	computeNonce(e) {
		let t = E(e.seq, e.baseNonce.byteLength);
		return k(e.baseNonce, t).buffer;
	}
	incrementSeq(e) {
		if (e.seq > 2 ** 53 - 1) throw new l("Message limit reached");
		e.seq += 1;
	}
}, z = function(e, t, n, r) {
	if (n === "a" && !r) throw TypeError("Private accessor was defined without a getter");
	if (typeof t == "function" ? e !== t || !r : !t.has(e)) throw TypeError("Cannot read private member from an object whose class did not declare it");
	return n === "m" ? r : n === "a" ? r.call(e) : r ? r.value : t.get(e);
}, B = function(e, t, n, r, i) {
	if (r === "m") throw TypeError("Private method is not writable");
	if (r === "a" && !i) throw TypeError("Private accessor was defined without a setter");
	if (typeof t == "function" ? e !== t || !i : !t.has(e)) throw TypeError("Cannot write private member to an object whose class did not declare it");
	return r === "a" ? i.call(e, n) : i ? i.value = n : t.set(e, n), n;
}, V, H = class {
	constructor() {
		V.set(this, Promise.resolve());
	}
	async lock() {
		let e, t = new Promise((t) => {
			e = t;
		}), n = z(this, V, "f");
		return B(this, V, t, "f"), await n, e;
	}
};
V = /* @__PURE__ */ new WeakMap();
// node_modules/@hpke/core/esm/src/recipientContext.js
var U = function(e, t, n, r) {
	if (n === "a" && !r) throw TypeError("Private accessor was defined without a getter");
	if (typeof t == "function" ? e !== t || !r : !t.has(e)) throw TypeError("Cannot read private member from an object whose class did not declare it");
	return n === "m" ? r : n === "a" ? r.call(e) : r ? r.value : t.get(e);
}, W = function(e, t, n, r, i) {
	if (r === "m") throw TypeError("Private method is not writable");
	if (r === "a" && !i) throw TypeError("Private accessor was defined without a setter");
	if (typeof t == "function" ? e !== t || !i : !t.has(e)) throw TypeError("Cannot write private member to an object whose class did not declare it");
	return r === "a" ? i.call(e, n) : i ? i.value = n : t.set(e, n), n;
}, G, ue = class extends R {
	constructor() {
		super(...arguments), G.set(this, void 0);
	}
	async open(e, t = b.buffer) {
		W(this, G, U(this, G, "f") ?? new H(), "f");
		let n = await U(this, G, "f").lock(), r;
		try {
			r = await this._ctx.key.open(this.computeNonce(this._ctx), C(e), C(t));
		} catch (e) {
			throw new c(e);
		} finally {
			n();
		}
		return this.incrementSeq(this._ctx), r;
	}
};
G = /* @__PURE__ */ new WeakMap();
// node_modules/@hpke/core/esm/src/senderContext.js
var K = function(e, t, n, r) {
	if (n === "a" && !r) throw TypeError("Private accessor was defined without a getter");
	if (typeof t == "function" ? e !== t || !r : !t.has(e)) throw TypeError("Cannot read private member from an object whose class did not declare it");
	return n === "m" ? r : n === "a" ? r.call(e) : r ? r.value : t.get(e);
}, de = function(e, t, n, r, i) {
	if (r === "m") throw TypeError("Private method is not writable");
	if (r === "a" && !i) throw TypeError("Private accessor was defined without a setter");
	if (typeof t == "function" ? e !== t || !i : !t.has(e)) throw TypeError("Cannot write private member to an object whose class did not declare it");
	return r === "a" ? i.call(e, n) : i ? i.value = n : t.set(e, n), n;
}, q, fe = class extends R {
	constructor(e, t, n, r) {
		super(e, t, n), Object.defineProperty(this, "enc", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), q.set(this, void 0), this.enc = r;
	}
	async seal(e, t = b.buffer) {
		de(this, q, K(this, q, "f") ?? new H(), "f");
		let n = await K(this, q, "f").lock(), r;
		try {
			r = await this._ctx.key.seal(this.computeNonce(this._ctx), C(e), C(t));
		} catch (e) {
			throw new s(e);
		} finally {
			n();
		}
		return this.incrementSeq(this._ctx), r;
	}
};
q = /* @__PURE__ */ new WeakMap();
// node_modules/@hpke/core/esm/src/cipherSuiteNative.js
var pe = new Uint8Array([
	98,
	97,
	115,
	101,
	95,
	110,
	111,
	110,
	99,
	101
]), me = new Uint8Array([
	101,
	120,
	112
]), he = new Uint8Array([
	105,
	110,
	102,
	111,
	95,
	104,
	97,
	115,
	104
]), ge = new Uint8Array([
	107,
	101,
	121
]), _e = new Uint8Array([
	112,
	115,
	107,
	95,
	105,
	100,
	95,
	104,
	97,
	115,
	104
]), ve = new Uint8Array([
	115,
	101,
	99,
	114,
	101,
	116
]), ye = new Uint8Array([
	72,
	80,
	75,
	69,
	0,
	0,
	0,
	0,
	0,
	0
]), be = class extends h {
	constructor(e) {
		if (super(), Object.defineProperty(this, "_kem", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), Object.defineProperty(this, "_kdf", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), Object.defineProperty(this, "_aead", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), Object.defineProperty(this, "_suiteId", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), typeof e.kem == "number") throw new t("KemId cannot be used");
		if (this._kem = e.kem, typeof e.kdf == "number") throw new t("KdfId cannot be used");
		if (this._kdf = e.kdf, typeof e.aead == "number") throw new t("AeadId cannot be used");
		this._aead = e.aead, this._suiteId = new Uint8Array(ye), this._suiteId.set(E(this._kem.id, 2), 4), this._suiteId.set(E(this._kdf.id, 2), 6), this._suiteId.set(E(this._aead.id, 2), 8), this._kdf.init(this._suiteId);
	}
	get kem() {
		return this._kem;
	}
	get kdf() {
		return this._kdf;
	}
	get aead() {
		return this._aead;
	}
	async createSenderContext(e) {
		this._validateInputLength(e), await this._setup();
		let t = await this._kem.encap(e), n;
		return n = e.psk === void 0 ? e.senderKey === void 0 ? g.Base : g.Auth : e.senderKey === void 0 ? g.Psk : g.AuthPsk, await this._keyScheduleS(n, t.sharedSecret, t.enc, e);
	}
	async createRecipientContext(e) {
		this._validateInputLength(e), await this._setup();
		let t = await this._kem.decap(e), n;
		return n = e.psk === void 0 ? e.senderPublicKey === void 0 ? g.Base : g.Auth : e.senderPublicKey === void 0 ? g.Psk : g.AuthPsk, await this._keyScheduleR(n, t, e);
	}
	async seal(e, t, n = b.buffer) {
		let r = await this.createSenderContext(e);
		return {
			ct: await r.seal(t, n),
			enc: r.enc
		};
	}
	async open(e, t, n = b.buffer) {
		return await (await this.createRecipientContext(e)).open(t, n);
	}
	async _keySchedule(e, t, n) {
		let r = n.psk === void 0 ? b : S(n.psk.id), i = await this._kdf.labeledExtract(b, _e, r), a = n.info === void 0 ? b : S(n.info), o = await this._kdf.labeledExtract(b, he, a), s = new Uint8Array(1 + i.byteLength + o.byteLength);
		s.set(new Uint8Array([e]), 0), s.set(new Uint8Array(i), 1), s.set(new Uint8Array(o), 1 + i.byteLength);
		let c = n.psk === void 0 ? b : S(n.psk.key), l = this._kdf.buildLabeledIkm(ve, c), u = this._kdf.buildLabeledInfo(me, s, this._kdf.hashSize), d = await this._kdf.extractAndExpand(t, l, u, this._kdf.hashSize);
		if (this._aead.id === y.ExportOnly) return {
			aead: this._aead,
			exporterSecret: d
		};
		let f = this._kdf.buildLabeledInfo(ge, s, this._aead.keySize), p = await this._kdf.extractAndExpand(t, l, f, this._aead.keySize), m = this._kdf.buildLabeledInfo(pe, s, this._aead.nonceSize), h = await this._kdf.extractAndExpand(t, l, m, this._aead.nonceSize);
		return {
			aead: this._aead,
			exporterSecret: d,
			key: p,
			baseNonce: new Uint8Array(h),
			seq: 0
		};
	}
	async _keyScheduleS(e, t, n, r) {
		let i = await this._keySchedule(e, t, r);
		return i.key === void 0 ? new L(this._api, this._kdf, i.exporterSecret, n) : new fe(this._api, this._kdf, i, n);
	}
	async _keyScheduleR(e, t, n) {
		let r = await this._keySchedule(e, t, n);
		return r.key === void 0 ? new I(this._api, this._kdf, r.exporterSecret) : new ue(this._api, this._kdf, r);
	}
	_validateInputLength(e) {
		if (e.info !== void 0 && e.info.byteLength > 268435456) throw new t("Too long info");
		if (e.psk !== void 0) {
			if (e.psk.key.byteLength < 32) throw new t("PSK must have at least 32 bytes");
			if (e.psk.key.byteLength > 8192) throw new t("Too long psk.key");
			if (e.psk.id.byteLength > 8192) throw new t("Too long psk.id");
		}
	}
}, xe = class extends be {}, Se = class extends w {}, J = "X25519", Ce = new Uint8Array([
	48,
	46,
	2,
	1,
	0,
	48,
	5,
	6,
	3,
	43,
	101,
	110,
	4,
	34,
	4,
	32
]), we = /* @__PURE__ */ (() => {
	let e = /* @__PURE__ */ new Uint8Array(32);
	return e[0] = 9, e;
})(), Y = class extends h {
	constructor(e) {
		super(), Object.defineProperty(this, "_hkdf", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), Object.defineProperty(this, "_alg", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), Object.defineProperty(this, "_nPk", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), Object.defineProperty(this, "_nSk", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), Object.defineProperty(this, "_nDh", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), Object.defineProperty(this, "_pkcs8AlgId", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: void 0
		}), this._alg = { name: J }, this._hkdf = e, this._nPk = 32, this._nSk = 32, this._nDh = 32, this._pkcs8AlgId = Ce;
	}
	async serializePublicKey(e) {
		await this._setup();
		try {
			return await this._api.exportKey("raw", e);
		} catch (e) {
			throw new n(e);
		}
	}
	async deserializePublicKey(e) {
		await this._setup();
		try {
			return await this._importRawKey(C(e), !0);
		} catch (e) {
			throw new r(e);
		}
	}
	async serializePrivateKey(e) {
		await this._setup();
		try {
			let t = await this._api.exportKey("jwk", e);
			if (!("d" in t)) throw Error("Not private key");
			return O(t.d).buffer;
		} catch (e) {
			throw new n(e);
		}
	}
	async deserializePrivateKey(e) {
		await this._setup();
		try {
			return await this._importRawKey(C(e), !1);
		} catch (e) {
			throw new r(e);
		}
	}
	async importKey(e, t, n) {
		await this._setup();
		try {
			if (e === "raw") return await this._importRawKey(t, n);
			if (t instanceof ArrayBuffer) throw Error("Invalid jwk key format");
			return await this._importJWK(t, n);
		} catch (e) {
			throw new r(e);
		}
	}
	async generateKeyPair() {
		await this._setup();
		try {
			return await this._api.generateKey(J, !0, N);
		} catch (e) {
			throw new d(e);
		}
	}
	async deriveKeyPair(e) {
		await this._setup();
		try {
			let t = C(e), n = await this._hkdf.labeledExtract(b, re, new Uint8Array(t)), r = await this._hkdf.labeledExpand(n, ie, b, this._nSk), i = new Uint8Array(r), a = await this._deserializePkcs8Key(i);
			return i.fill(0), {
				privateKey: a,
				publicKey: await this.derivePublicKey(a)
			};
		} catch (e) {
			throw new u(e);
		}
	}
	async derivePublicKey(e) {
		await this._setup();
		try {
			let t = await this._api.exportKey("jwk", e);
			return delete t.d, delete t.key_ops, await this._api.importKey("jwk", t, this._alg, !0, []);
		} catch {
			try {
				let t = await this._api.importKey("raw", we.buffer, this._alg, !0, []), n = await this._api.deriveBits({
					name: J,
					public: t
				}, e, this._nPk * 8);
				return await this._api.importKey("raw", n, this._alg, !0, []);
			} catch (e) {
				throw new r(e);
			}
		}
	}
	async dh(e, t) {
		await this._setup();
		try {
			return await this._api.deriveBits({
				name: J,
				public: t
			}, e, this._nDh * 8);
		} catch (e) {
			throw new n(e);
		}
	}
	async _importRawKey(e, t) {
		if (t && e.byteLength !== this._nPk) throw Error("Invalid public key for the ciphersuite");
		if (!t && e.byteLength !== this._nSk) throw Error("Invalid private key for the ciphersuite");
		return t ? await this._api.importKey("raw", e, this._alg, !0, []) : await this._deserializePkcs8Key(new Uint8Array(e));
	}
	async _importJWK(e, t) {
		if (e.kty === void 0 || e.kty !== "OKP") throw Error(`Invalid kty: ${e.crv}`);
		if (e.crv === void 0 || e.crv !== J) throw Error(`Invalid crv: ${e.crv}`);
		if (t) {
			if (e.d !== void 0) throw Error("Invalid key: `d` should not be set");
			return await this._api.importKey("jwk", e, this._alg, !0, []);
		}
		if (e.d === void 0) throw Error("Invalid key: `d` not found");
		return await this._api.importKey("jwk", e, this._alg, !0, N);
	}
	async _deserializePkcs8Key(e) {
		let t = new Uint8Array(this._pkcs8AlgId.length + e.length);
		return t.set(this._pkcs8AlgId, 0), t.set(e, this._pkcs8AlgId.length), await this._api.importKey("pkcs8", t, this._alg, !0, N);
	}
}, Te = class extends ne {
	constructor() {
		let e = new w();
		super(_.DhkemX25519HkdfSha256, new Y(e), e), Object.defineProperty(this, "id", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: _.DhkemX25519HkdfSha256
		}), Object.defineProperty(this, "secretSize", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: 32
		}), Object.defineProperty(this, "encSize", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: 32
		}), Object.defineProperty(this, "publicKeySize", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: 32
		}), Object.defineProperty(this, "privateKeySize", {
			enumerable: !0,
			configurable: !0,
			writable: !0,
			value: 32
		});
	}
}, Ee = "DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM", De = {
	payment_card: "billing",
	health: "care"
}, X = class extends Error {
	code = "SUBMISSION_KEY_REFUSED";
};
async function Oe(e, t, n, r, i) {
	await ke(e, t);
	let a = crypto.getRandomValues(/* @__PURE__ */ new Uint8Array(16)), o = Z("savas submission 1", r, De[r], n, e.id, Q(a)), s = new xe({
		kem: new Te(),
		kdf: new Se(),
		aead: new ce()
	}), c = await s.kem.deserializePublicKey($(e.publicKey).buffer), l = await s.createSenderContext({
		recipientPublicKey: c,
		info: o.buffer
	}), u = new TextEncoder().encode(JSON.stringify(i)), d = new Uint8Array(await l.seal(u.buffer));
	return u.fill(0), {
		customerId: n,
		keyId: e.id,
		sealed: Q(Ae(Uint8Array.of(1), a, new Uint8Array(l.enc), d))
	};
}
async function ke(e, t) {
	if (e.suite !== "DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM") throw new X("The key is for another suite.");
	if (!(Date.parse(e.expiresAt) > Date.now())) throw new X("The key has ended. Fetch it anew.");
	let n = Z("savas submission key 1", e.id, e.suite, e.publicKey, e.expiresAt), r = await crypto.subtle.importKey("raw", $(t), "Ed25519", !1, ["verify"]);
	if (!await crypto.subtle.verify("Ed25519", r, $(e.signature), n)) throw new X("The key is not signed by this server.");
}
function Z(...e) {
	return new TextEncoder().encode(e.map((e) => `${e}\n`).join(""));
}
function Ae(...e) {
	let t = new Uint8Array(e.reduce((e, t) => e + t.length, 0)), n = 0;
	for (let r of e) t.set(r, n), n += r.length;
	return t;
}
function Q(e) {
	return btoa(String.fromCharCode(...e)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
function $(e) {
	return Uint8Array.from(atob(e.replaceAll("-", "+").replaceAll("_", "/")), (e) => e.charCodeAt(0));
}
export { X as KeyRefused, Ee as SUITE, Oe as seal };
