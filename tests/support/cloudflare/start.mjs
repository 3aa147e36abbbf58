// SPDX-License-Identifier: MIT
//
// R2's S3 address and D1's REST address on one loopback port, over Cloudflare's own local engines.
//   node start.mjs '{"port", "dir", "modules", "buckets": [], "databases": [], "access_key_id",
//                    "secret_access_key", "token", "account", "faults"}'
// R2: http://127.0.0.1:PORT/cdn-cgi/local/r2/s3/<bucket>/<key>, region auto
// D1: http://127.0.0.1:PORT/client/v4/accounts/<account>/d1/database/<id>/{query,raw,import}
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const wanted = JSON.parse(process.argv[2]);
const engine = createRequire(wanted.modules + "/")("miniflare");
const here = fileURLToPath(new URL(".", import.meta.url));
const credentials = {
  accessKeyId: wanted.access_key_id,
  secretAccessKey: wanted.secret_access_key,
};
const named = (prefix, names, value) =>
  Object.fromEntries((names ?? []).map((name) => [prefix + name.replace(/\W/g, "_"), value(name)]));

const convert = engine.convertV4MiniflareOptions ?? ((options) => options);
const running = new engine.Miniflare(convert({
  host: "127.0.0.1",
  port: wanted.port,
  cf: false,
  resourcePersistencePath: wanted.dir,
  modulesRoot: here,
  modules: ["d1_rest.mjs", "split_sql.mjs"].map((name) => ({ type: "ESModule", path: here + name })),
  compatibilityDate: "2026-01-01",
  r2Buckets: named("bucket_", wanted.buckets, (id) => ({ id, s3Credentials: credentials })),
  d1Databases: named("db_", wanted.databases, (id) => id),
  bindings: {
    TOKEN: wanted.token ?? "",
    ACCOUNT: wanted.account ?? "",
    DATABASES: JSON.stringify(wanted.databases ?? []),
    FAULTS: JSON.stringify(wanted.faults ?? {}),
  },
}));

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, async () => {
    await running.dispose();
    process.exit(0);
  });
}
console.log("ready", (await running.ready).port);
