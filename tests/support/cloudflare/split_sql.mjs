// SPDX-License-Identifier: MIT
//
// The statements of a script: cut at semicolons outside of quotes, comments and trigger bodies.

const ends = { "'": "'", '"': '"', "`": "`", "[": "]" };

/// Where what begins at `i` (a quoted text or a comment) ends, or `i` when nothing begins there.
function skip(sql, i) {
  const close = ends[sql[i]];
  if (close) {
    let j = i + 1;
    for (; j < sql.length; j++) {
      if (sql[j] !== close) continue;
      if (sql[j + 1] === close && close !== "]") j++;  // doubled: a quote inside
      else break;
    }
    return j + 1;
  }
  const until = sql.startsWith("--", i) ? "\n" : sql.startsWith("/*", i) ? "*/" : null;
  if (!until) return i;
  const end = sql.indexOf(until, i + 2);
  return end < 0 ? sql.length : end + until.length;
}

export function splitSql(sql) {
  const statements = [];
  let start = 0;
  let depth = 0;  // of BEGIN and CASE in a trigger
  let words = [];
  const take = (end) => {
    const text = sql.slice(start, end).trim();
    if (text.replace(/--[^\n]*|\/\*[^]*?\*\//g, "").trim()) statements.push(text);
    start = end + 1;
    depth = 0;
    words = [];
  };
  for (let i = 0; i < sql.length;) {
    const after = skip(sql, i);
    if (after > i) {
      i = after;
    } else if (/[A-Za-z_]/.test(sql[i])) {
      const pattern = /\w*/y;
      pattern.lastIndex = i;
      const word = pattern.exec(sql)[0];
      i += word.length;
      if (words.length < 4) words.push(word.toUpperCase());
      if (words[0] !== "CREATE" || !words.includes("TRIGGER")) continue;
      if (/^(BEGIN|CASE)$/i.test(word)) depth++;
      else if (/^END$/i.test(word) && depth > 0) depth--;
    } else {
      if (sql[i] === ";" && depth === 0) take(i);
      i++;
    }
  }
  take(sql.length);
  return statements;
}
