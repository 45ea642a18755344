import assert from "node:assert/strict";
import { AwsV4Signer } from "aws4fetch";
import { PublishError } from "./error.ts";
import { releaseId } from "./pages.ts";
import { credentialsFrom, publishToS3 } from "./s3.ts";
import { type Key, refusalOf, S3Server } from "./_testing/s3_server.ts";
import { samplePages } from "./_testing/sample_pages.ts";
import { parseTarget, type Target } from "./target.ts";

const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** A published example of a signature. */
interface Vector {
  name: string;
  service: string;
  datetime: string;
  key: Key;
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  signedHeaders: string;
  signature: string;
}

const SUITE_KEY = { id: "AKIDEXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const S3_KEY = {
  id: "AKIAIOSFODNN7EXAMPLE",
  secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const suite = { service: "service", datetime: "20150830T123600Z", key: SUITE_KEY, headers: {} };
const s3 = { service: "s3", datetime: "20130524T000000Z", key: S3_KEY };
const BUCKET = "https://examplebucket.s3.amazonaws.com";

/**
 * From AWS's Signature Version 4 test suite, and from the S3 API reference, "Examples: Signature
 * Calculations".
 */
const VECTORS: Vector[] = [
  {
    ...suite,
    name: "get-vanilla",
    method: "GET",
    url: "https://example.amazonaws.com/",
    signedHeaders: "host;x-amz-date",
    signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  },
  {
    ...suite,
    name: "post-vanilla",
    method: "POST",
    url: "https://example.amazonaws.com/",
    signedHeaders: "host;x-amz-date",
    signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  },
  {
    ...s3,
    name: "GET Object",
    method: "GET",
    url: `${BUCKET}/test.txt`,
    headers: { range: "bytes=0-9", "x-amz-content-sha256": EMPTY },
    signedHeaders: "host;range;x-amz-content-sha256;x-amz-date",
    signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  },
  {
    ...s3,
    name: "PUT Object",
    method: "PUT",
    url: `${BUCKET}/test$file.text`,
    headers: {
      date: "Fri, 24 May 2013 00:00:00 GMT",
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
      "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
    },
    body: "Welcome to Amazon S3.",
    signedHeaders: "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
    signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
  },
  {
    ...s3,
    name: "GET Bucket Lifecycle",
    method: "GET",
    url: `${BUCKET}/?lifecycle`,
    headers: { "x-amz-content-sha256": EMPTY },
    signedHeaders: "host;x-amz-content-sha256;x-amz-date",
    signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
  },
  {
    ...s3,
    name: "List Objects",
    method: "GET",
    url: `${BUCKET}/?max-keys=2&prefix=J`,
    headers: { "x-amz-content-sha256": EMPTY },
    signedHeaders: "host;x-amz-content-sha256;x-amz-date",
    signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
  },
];
for (const vector of VECTORS) {
  const { name, service, datetime, key, method, url, headers, body, signedHeaders } = vector;
  Deno.test(`AWS's example ${name} is signed as published`, async () => {
    const signer = new AwsV4Signer({
      ...{ method, url, headers, service, datetime, region: "us-east-1" },
      ...(body !== undefined && { body }),
      accessKeyId: key.id,
      secretAccessKey: key.secret,
      allHeaders: true,
    });
    assert.equal(signer.signedHeaders, signedHeaders);
    assert.equal(await signer.signature(), vector.signature);
  });

  Deno.test(`the tests' storage accepts AWS's example ${name}, and none that was changed`, () => {
    const { host, pathname, search } = new URL(url);
    const authorization = `AWS4-HMAC-SHA256 Credential=${key.id}/${datetime.slice(0, 8)}` +
      `/us-east-1/${service}/aws4_request,SignedHeaders=${signedHeaders},` +
      `Signature=${vector.signature}`;
    const request = {
      method,
      url: pathname + search,
      headers: { ...headers, host, "x-amz-date": datetime, authorization },
      body: new TextEncoder().encode(body ?? ""),
    };
    const refusal = (changes: Partial<typeof request>) =>
      refusalOf({ ...request, ...changes }, key, "us-east-1", service);
    assert.equal(refusal({}), undefined);
    assert.equal(refusal({ method: "DELETE" }), "SignatureDoesNotMatch");
    assert.equal(refusal({ url: "/other" }), "SignatureDoesNotMatch");
    assert.notEqual(refusal({ body: new TextEncoder().encode("other") }), undefined);
    assert.equal(
      refusalOf(request, { ...key, secret: "another" }, "us-east-1", service),
      "SignatureDoesNotMatch",
    );
  });
}

const KEY: Key = { id: "AKIDTEST", secret: "sEcReT/+=", token: "tOkEn//==" };
const CREDENTIALS = {
  accessKeyId: KEY.id,
  secretAccessKey: KEY.secret,
  sessionToken: KEY.token,
};
const ID = releaseId(new Date(Date.UTC(2026, 10, 22, 2, 30)));

function targetOf(server: S3Server, path = "bucket/nights"): Target & { kind: "s3" } {
  const target = parseTarget(`s3:${server.endpoint}/${path}`);
  assert.ok(target.kind === "s3");
  return target;
}

Deno.test("publishToS3() writes every page, and what leads to them last", async () => {
  await using server = new S3Server(KEY);
  const pages = [...samplePages("one"), { name: "a+b (c)!*'~.md", content: { text: "é" } }];
  const url = await publishToS3(pages, targetOf(server), CREDENTIALS, { id: ID });
  assert.equal(url, `${server.endpoint}/bucket/nights/index.html`);
  assert.deepEqual(server.order.slice(-3), [
    `/bucket/nights/${ID}/published.json`,
    "/bucket/nights/latest.json",
    "/bucket/nights/index.html",
  ]);
  assert.equal(server.objects.size, pages.length + 3);
  const page = server.objects.get(`/bucket/nights/${ID}/index.html`)!;
  assert.deepEqual([page.type, page.caching], [
    "text/html; charset=utf-8",
    "max-age=31536000, immutable",
  ]);
  assert.match(page.text, /end\n$/);
  const leading = server.objects.get("/bucket/nights/index.html")!;
  assert.match(leading.text, new RegExp(`url=${ID}/index\\.html"`));
  assert.equal(leading.caching, "no-cache");
  const odd = [...server.objects].find(([path]) => path.endsWith(".md"))!;
  assert.equal(decodeURIComponent(odd[0]), `/bucket/nights/${ID}/a+b (c)!*'~.md`);
  assert.deepEqual([odd[1].text, odd[1].type], ["é", "text/markdown; charset=utf-8"]);
});

Deno.test("publishToS3() writes to the bucket itself, and takes the region that is set", async () => {
  await using server = new S3Server(KEY, { region: "eu-west-3" });
  const target = targetOf(server, "bucket");
  await publishToS3(samplePages("x"), target, { ...CREDENTIALS, region: "eu-west-3" }, { id: ID });
  assert.ok(server.objects.has("/bucket/index.html"));
  await assert.rejects(
    publishToS3(samplePages("x"), target, CREDENTIALS, { id: ID }),
    /it answered 403 \(AuthorizationHeaderMalformed\)/,
  );
});

Deno.test("publishToS3() sends again what met a fault of the server, and not for ever", async () => {
  await using server = new S3Server(KEY);
  const options = { id: ID, pauseMs: 1 };
  server.fault = (request) => request < 4 ? new Response("busy", { status: 503 }) : undefined;
  await publishToS3(samplePages("x"), targetOf(server), CREDENTIALS, options);
  assert.equal(server.objects.size, 6);
  server.objects.clear();
  server.fault = () => new Response("busy", { status: 503 });
  await assert.rejects(
    publishToS3(samplePages("x"), targetOf(server), CREDENTIALS, { ...options, attempts: 3 }),
    (error) => {
      assert.ok(error instanceof PublishError && error.kind === "target");
      assert.match(error.message, /^Cannot publish to s3:http:.*: it answered 503$/);
      return true;
    },
  );
  assert.equal(server.objects.size, 0, "nothing leads to pages that are not there");
});

const REFUSED: [what: string, credentials: object, path: string, line: RegExp][] = [
  [
    "a wrong secret",
    { secretAccessKey: "wrong" },
    "bucket/x",
    /403 \(SignatureDoesNotMatch\); check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY$/,
  ],
  ["an unknown key", { accessKeyId: "AKIDOTHER" }, "bucket/x", /\(InvalidAccessKeyId\); check AWS/],
  ["no token", { sessionToken: undefined }, "bucket/x", /\(InvalidToken\); the key may not write/],
  ["another bucket", {}, "other/x", /404 \(NoSuchBucket\); check the bucket's name$/],
];
for (const [what, credentials, path, line] of REFUSED) {
  Deno.test(`publishToS3() says what to mend for ${what}, and no secret`, async () => {
    await using server = new S3Server(KEY);
    await assert.rejects(
      publishToS3(
        samplePages("x"),
        targetOf(server, path),
        { ...CREDENTIALS, ...credentials },
        { id: ID },
      ),
      (error) => {
        assert.ok(error instanceof PublishError);
        assert.match(error.message, line);
        assert.doesNotMatch(error.message, /SECRETS|sEcReT|tOkEn|AKID/);
        return true;
      },
    );
    assert.equal(server.objects.size, 0);
  });
}

Deno.test("publishToS3() says so where nobody listens", async () => {
  const server = new S3Server(KEY);
  const target = targetOf(server);
  await server[Symbol.asyncDispose]();
  await assert.rejects(
    publishToS3(samplePages("x"), target, CREDENTIALS, { id: ID, attempts: 2, pauseMs: 1 }),
    /the storage cannot be reached/,
  );
});

Deno.test("credentialsFrom() names the variable that is missing", () => {
  const read = (variables: Record<string, string>) => () =>
    credentialsFrom((name) => variables[name]);
  assert.throws(read({}), /the environment variable AWS_ACCESS_KEY_ID is not set/);
  assert.throws(
    read({ AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "" }),
    /AWS_SECRET_ACCESS_KEY is not set/,
  );
  assert.deepEqual(
    read({ AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "y", AWS_REGION: "z" })(),
    { accessKeyId: "x", secretAccessKey: "y", sessionToken: undefined, region: "z" },
  );
});
