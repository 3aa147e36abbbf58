// SPDX-License-Identifier: MIT
//
// D1's REST address (developers.cloudflare.com/api/resources/d1) over the real local engine: query,
// raw and import. Statuses and error codes are modelled on the documentation.
import { splitSql } from "./split_sql.mjs";

const answer = (status, document, headers = {}) =>
  new Response(JSON.stringify(document), {
    status, headers: { "content-type": "application/json", ...headers },
  });
const refuse = (status, code, message, headers) =>
  answer(status, { result: null, success: false, errors: [{ code, message }], messages: [] }, headers);
const fine = (result) => answer(200, { result, errors: [], messages: [], success: true });
const words = (error) => String(error.message).replace(/^D1_ERROR: /, "");

/// One transaction, as the service has it.
async function run(database, statements, raw) {
  const prepared = statements.map(({ sql, params }) =>
    params?.length ? database.prepare(sql).bind(...params) : database.prepare(sql));
  const results = await database.batch(prepared);
  if (!raw) return results.map(({ results: rows, meta }) => ({ results: rows, success: true, meta }));
  return results.map(({ results: rows, meta }) => {
    const columns = rows.length ? Object.keys(rows[0]) : [];
    return {
      results: { columns, rows: rows.map((row) => columns.map((name) => row[name])) },
      success: true, meta,
    };
  });
}

function statementsOf(body) {
  if (Array.isArray(body.batch)) return body.batch;
  if (typeof body.sql !== "string") throw { status: 400, code: 7400, message: "sql is required" };
  const parts = splitSql(body.sql);
  if (!parts.length) throw { status: 400, code: 7500, message: "No SQL statements detected." };
  if (parts.length > 1 && body.params?.length) {
    throw { status: 400, code: 7400, message: "params need a single statement" };
  }
  return parts.map((sql) => ({ sql, params: body.params }));
}

const files = new Map();    // file name → {body, md5}
const imports = new Map();  // bookmark → {result} or {error}

async function receive(name, bytes) {
  const file = files.get(name);
  if (!file) return new Response("unknown upload", { status: 403 });
  const md5 = new Uint8Array(await crypto.subtle.digest("MD5", bytes));
  file.body = bytes;
  file.md5 = [...md5].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return new Response(null, { headers: { etag: `"${file.md5}"` } });
}

async function ingest(database, body) {
  const file = files.get(body.filename);
  if (!file?.body) return refuse(400, 7500, "file not uploaded");
  if (file.md5 !== body.etag) return refuse(400, 7500, "etag does not match uploaded file");
  const bookmark = `bm-${imports.size + 1}`;
  const state = {};
  const began = Date.now();
  imports.set(bookmark, state);
  try {
    const statements = splitSql(new TextDecoder().decode(file.body)).map((sql) => ({ sql }));
    const results = await run(database, statements, false);
    const sum = (name) => results.reduce((all, { meta }) => all + (meta[name] || 0), 0);
    state.result = {
      num_queries: statements.length, final_bookmark: bookmark,
      meta: {
        duration: Date.now() - began, rows_read: sum("rows_read"),
        rows_written: sum("rows_written"), size_after: results.at(-1)?.meta.size_after ?? 0,
      },
    };
  } catch (error) {
    state.error = words(error);
  }
  return fine({ type: "import", success: true, status: "active", at_bookmark: bookmark,
                messages: ["Starting import..."], errors: [] });
}

function poll(body) {
  const at_bookmark = body.current_bookmark;
  const state = imports.get(at_bookmark);
  if (!state) {
    return fine({ type: "import", success: false, error: "Not currently importing anything.",
                  messages: [], errors: [] });
  }
  const common = { type: "import", success: true, at_bookmark, messages: [] };
  return fine(state.error ? { ...common, status: "error", errors: [state.error] }
                          : { ...common, status: "complete", errors: [], result: state.result });
}

async function importStep(database, body, origin) {
  if (body.action === "init") {
    const filename = `${body.etag}.sql`;
    files.set(filename, {});
    return fine({ type: "import", success: true, filename, upload_url: `${origin}/__upload/${filename}` });
  }
  if (body.action === "ingest") return ingest(database, body);
  if (body.action === "poll") return poll(body);
  return refuse(400, 7400, "unknown action");
}

let requests = 0;
/// {"every429": 3}: each third request is refused.
function fault(env) {
  const wanted = JSON.parse(env.FAULTS);
  requests++;
  if (wanted.every429 && requests % wanted.every429 === 0) {
    return refuse(429, 971, "Please wait and consider throttling your request speed",
                  { "retry-after": "1" });
  }
  if (wanted.every503 && requests % wanted.every503 === 0) {
    return refuse(503, 7500, "D1 is overloaded. Too many requests queued.");
  }
  return null;
}

async function route(request, env, bytes) {
  const { pathname, origin } = new URL(request.url);
  const upload = pathname.match(/^\/__upload\/([\w.-]+)$/);
  if (upload && request.method === "PUT") return receive(upload[1], bytes);
  if (request.headers.get("authorization") !== `Bearer ${env.TOKEN}`) {
    return refuse(403, 10000, "Authentication error");
  }
  const spoiled = fault(env);
  if (spoiled) return spoiled;
  const parts = pathname.match(
    /^\/client\/v4\/accounts\/([^/]+)\/d1\/database(?:\/([^/]+)(?:\/(query|raw|import))?)?$/);
  if (!parts) return refuse(404, 7000, "No route for that URI");
  const [, account, id, step] = parts;
  if (account !== env.ACCOUNT) return refuse(403, 10000, "Authentication error");
  const describe = (name) => ({ uuid: name, name, version: "production" });
  if (!id) return fine(JSON.parse(env.DATABASES).map(describe));
  const database = env["db_" + id.replace(/\W/g, "_")];
  if (!database) return refuse(404, 7404, `The database ${id} could not be found`);
  if (!step) return fine(describe(id));
  if (request.method !== "POST") return refuse(405, 10405, "Method not allowed");
  let body;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return refuse(400, 7400, "Malformed JSON");
  }
  if (step === "import") return importStep(database, body, origin);
  return fine(await run(database, statementsOf(body), step === "raw"));
}

export default {
  async fetch(request, env) {
    // Always read to its end: an unread body spoils the connection for the next request.
    const bytes = request.method === "GET" ? null : new Uint8Array(await request.arrayBuffer());
    try {
      return await route(request, env, bytes);
    } catch (error) {
      return error.status ? refuse(error.status, error.code, error.message)
                          : refuse(400, 7500, words(error));
    }
  },
};
