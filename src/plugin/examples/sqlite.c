/*
 * SQLite as a plug-in, over Debian's libsqlite3: one table WITHOUT ROWID, in WAL mode, each write a
 * transaction of its own. A session is a connection, and so is a cursor, whose snapshot is its own.
 *
 *   cc -O2 -shared -fPIC -I../include -o libsqlite_plugin.so sqlite.c -lsqlite3
 */
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tidemark_config.h"
#include "tidemark_plugin.h"

#define TEXT 512
/* How long a writer waits for another, ms. */
#define BUSY_MS 10000

struct tidemark_db_t {
  char path[4096], wal[16];
  uint64_t cache;
  sqlite3 *connection; /* Its own, so that closing is what ends the last one. */
  char error[TEXT];
};

struct tidemark_session_t {
  tidemark_db_t *db;
  sqlite3 *connection;
  sqlite3_stmt *put, *get, *delete;
  tidemark_cursor_t *spare; /* A cursor that is closed: another connection takes longer than a scan. */
  char error[TEXT];
};

struct tidemark_cursor_t {
  tidemark_session_t *session;
  sqlite3 *connection;
  sqlite3_stmt *walks[2]; /* Forwards and in reverse. */
  sqlite3_stmt *at;
  int first; /* What the first step returned, which is made when the walk begins: it is the snapshot. */
  int started;
};

static int32_t fail(char *error, const char *text) {
  snprintf(error, TEXT, "%s", text);
  return TIDEMARK_FAILED;
}

static int32_t result(char *error, sqlite3 *connection, int code) {
  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return TIDEMARK_OK;
  return fail(error, connection == NULL ? sqlite3_errstr(code) : sqlite3_errmsg(connection));
}

/* A connection with the settings, closed by whoever asked for it. */
static int connect(const tidemark_db_t *db, sqlite3 **out) {
  char file[4200], pragmas[512];
  snprintf(file, sizeof file, "%s/database", db->path);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  int code = sqlite3_open_v2(file, out, flags, NULL);
  if (code != SQLITE_OK) return code;
  sqlite3_busy_timeout(*out, BUSY_MS);
  snprintf(pragmas, sizeof pragmas,
           "PRAGMA journal_mode=WAL;PRAGMA synchronous=%s;PRAGMA cache_size=-%llu;"
           "CREATE TABLE IF NOT EXISTS kv(k BLOB PRIMARY KEY, v BLOB NOT NULL) WITHOUT ROWID;",
           strcmp(db->wal, "synced") == 0 ? "FULL" : "NORMAL",
           (unsigned long long)(db->cache >> 10));
  return sqlite3_exec(*out, pragmas, NULL, NULL, NULL);
}

uint32_t tidemark_abi(void) { return TIDEMARK_ABI; }

int32_t tidemark_describe(const tidemark_db_t *db, char *buffer, uint64_t capacity,
                          uint64_t *length) {
  const char *wal = db == NULL ? "buffered" : db->wal;
  const char *means = strcmp(wal, "synced") == 0
                          ? "the WAL is written, and fdatasync has returned (synchronous=FULL)"
                          : "the WAL is written to the operating system (synchronous=NORMAL)";
  char text[1024], open[512] = "";
  if (db != NULL)
    snprintf(open, sizeof open, "\"durability\":\"%s\",\"acknowledgement\":\"%s\",", wal, means);
  int n = snprintf(text, sizeof text,
                   "{\"name\":\"sqlite\",\"engine\":\"SQLite\",\"version\":\"%s\","
                   "\"threads\":\"session\",\"families\":1,\"network\":false,%s"
                   "\"options\":{\"wal\":\"%s\",\"blockCacheBytes\":%llu}}",
                   sqlite3_libversion(), open, wal,
                   (unsigned long long)(db == NULL ? 8 << 20 : db->cache));
  return tidemark_give(text, (uint64_t)n, buffer, capacity, length);
}

int32_t tidemark_open(const char *config, uint64_t config_length, tidemark_db_t **out) {
  tidemark_db_t *db = *out = calloc(1, sizeof *db);
  if (db == NULL) return TIDEMARK_FAILED;
  strcpy(db->wal, "buffered");
  db->cache = 8 << 20;
  tidemark_members m = {config, config + config_length};
  while (tidemark_next_member(&m)) {
    int fits = 1;
    if (tidemark_member_is(&m, "path")) fits = tidemark_value_text(&m, db->path, sizeof db->path);
    else if (tidemark_member_is(&m, "wal")) fits = tidemark_value_text(&m, db->wal, sizeof db->wal);
    else if (tidemark_member_is(&m, "blockCacheBytes")) db->cache = tidemark_value_number(&m);
    else if (!tidemark_member_is(&m, "families")) {
      snprintf(db->error, TEXT, "there is no option %.*s", (int)m.name_length, m.name);
      return TIDEMARK_FAILED;
    }
    if (!fits) return fail(db->error, "a setting is too long");
  }
  if (strcmp(db->wal, "synced") != 0 && strcmp(db->wal, "buffered") != 0)
    return fail(db->error, "wal is synced or buffered");
  if (mkdir(db->path, 0777) != 0 && errno != EEXIST) return fail(db->error, strerror(errno));
  return result(db->error, db->connection, connect(db, &db->connection));
}

int32_t tidemark_close(tidemark_db_t *db) {
  int code = db->connection == NULL ? SQLITE_OK : sqlite3_close(db->connection);
  free(db);
  return code == SQLITE_OK ? TIDEMARK_OK : TIDEMARK_FAILED;
}

static int prepare(sqlite3 *connection, const char *text, sqlite3_stmt **out) {
  return sqlite3_prepare_v3(connection, text, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
}

int32_t tidemark_session(tidemark_db_t *db, tidemark_session_t **out) {
  tidemark_session_t *s = *out = calloc(1, sizeof *s);
  if (s == NULL) return fail(db->error, "there is no memory");
  s->db = db;
  int code = connect(db, &s->connection);
  if (code == SQLITE_OK)
    code = prepare(s->connection, "INSERT OR REPLACE INTO kv VALUES(?1, ?2)", &s->put);
  if (code == SQLITE_OK) code = prepare(s->connection, "SELECT v FROM kv WHERE k = ?1", &s->get);
  if (code == SQLITE_OK) code = prepare(s->connection, "DELETE FROM kv WHERE k = ?1", &s->delete);
  int32_t done = result(db->error, s->connection, code);
  if (done == TIDEMARK_OK) return done;
  tidemark_session_close(s);
  *out = NULL;
  return done;
}

static void end(tidemark_cursor_t *cursor) {
  sqlite3_finalize(cursor->walks[0]);
  sqlite3_finalize(cursor->walks[1]);
  sqlite3_close(cursor->connection);
  free(cursor);
}

void tidemark_session_close(tidemark_session_t *s) {
  if (s->spare != NULL) end(s->spare);
  sqlite3_finalize(s->put);
  sqlite3_finalize(s->get);
  sqlite3_finalize(s->delete);
  sqlite3_close(s->connection);
  free(s);
}

/* An empty value is a blob of no byte, and not NULL. */
static void bind(sqlite3_stmt *statement, int place, const void *bytes, uint64_t length) {
  sqlite3_bind_blob64(statement, place, length == 0 ? "" : bytes, length, SQLITE_STATIC);
}

/* Runs a statement that has no rows. What it is bound to is the host's, and is let go. */
static int done(sqlite3_stmt *statement) {
  sqlite3_step(statement);
  return sqlite3_reset(statement);
}

static int put(tidemark_session_t *s, const void *key, uint64_t key_length, const void *value,
               uint64_t value_length) {
  bind(s->put, 1, key, key_length);
  bind(s->put, 2, value, value_length);
  return done(s->put);
}

static int delete(tidemark_session_t *s, const void *key, uint64_t key_length) {
  bind(s->delete, 1, key, key_length);
  return done(s->delete);
}

int32_t tidemark_put(tidemark_session_t *s, uint32_t family, const void *key, uint64_t key_length,
                     const void *value, uint64_t value_length) {
  (void)family;
  return result(s->error, s->connection, put(s, key, key_length, value, value_length));
}

int32_t tidemark_delete(tidemark_session_t *s, uint32_t family, const void *key,
                        uint64_t key_length) {
  (void)family;
  return result(s->error, s->connection, delete(s, key, key_length));
}

int32_t tidemark_get(tidemark_session_t *s, uint32_t family, const void *key, uint64_t key_length,
                     void *buffer, uint64_t capacity, uint64_t *length) {
  (void)family;
  bind(s->get, 1, key, key_length);
  int code = sqlite3_step(s->get);
  int32_t given = code == SQLITE_DONE ? TIDEMARK_ABSENT : result(s->error, s->connection, code);
  if (code == SQLITE_ROW) {
    const void *value = sqlite3_column_blob(s->get, 0);
    uint64_t bytes = (uint64_t)sqlite3_column_bytes(s->get, 0);
    given = tidemark_give(bytes == 0 ? "" : value, bytes, buffer, capacity, length);
  }
  sqlite3_reset(s->get);
  return given;
}

int32_t tidemark_error(const void *handle, uint32_t kind, char *buffer, uint64_t capacity,
                       uint64_t *length) {
  const char *text = kind == TIDEMARK_DATABASE ? ((const tidemark_db_t *)handle)->error
                                               : ((const tidemark_session_t *)handle)->error;
  uint64_t bytes = strlen(text);
  while (bytes > capacity || (bytes > 0 && (text[bytes] & 0xc0) == 0x80)) bytes--;
  return tidemark_give(text, bytes, buffer, capacity, length);
}

int32_t tidemark_batch(tidemark_session_t *s, const void *operations, uint64_t bytes,
                       uint64_t count) {
  const char *at = operations, *last = at + bytes;
  int code = sqlite3_exec(s->connection, "BEGIN IMMEDIATE", NULL, NULL, NULL);
  if (code != SQLITE_OK) return result(s->error, s->connection, code);
  int32_t given = TIDEMARK_OK;
  for (uint64_t i = 0; i < count && at < last && given == TIDEMARK_OK; i++) {
    const uint32_t *head = (const uint32_t *)at;
    const char *key = at + 16;
    if (head[0] == TIDEMARK_PUT) code = put(s, key, head[2], key + head[2], head[3]);
    else if (head[0] == TIDEMARK_DELETE) code = delete(s, key, head[2]);
    else given = TIDEMARK_UNSUPPORTED;
    if (given == TIDEMARK_OK) given = result(s->error, s->connection, code);
    at += (16 + (uint64_t)head[2] + head[3] + 7) & ~(uint64_t)7;
  }
  if (given == TIDEMARK_OK)
    given = result(s->error, s->connection, sqlite3_exec(s->connection, "COMMIT", NULL, NULL, NULL));
  if (given != TIDEMARK_OK) sqlite3_exec(s->connection, "ROLLBACK", NULL, NULL, NULL);
  return given;
}

/* A cursor of a connection of its own. */
static int32_t make_cursor(tidemark_session_t *s, tidemark_cursor_t **out) {
  static const char *const walks[2] = {
      "SELECT k, v FROM kv WHERE k >= ?1 AND (?2 IS NULL OR k < ?2) ORDER BY k",
      "SELECT k, v FROM kv WHERE k >= ?1 AND (?2 IS NULL OR k < ?2) ORDER BY k DESC"};
  tidemark_cursor_t *c = *out = calloc(1, sizeof *c);
  if (c == NULL) return fail(s->error, "there is no memory");
  int code = connect(s->db, &c->connection);
  for (int i = 0; i < 2 && code == SQLITE_OK; i++) code = prepare(c->connection, walks[i], &c->walks[i]);
  return result(s->error, c->connection, code);
}

int32_t tidemark_cursor(tidemark_session_t *s, uint32_t family, const void *from,
                        uint64_t from_length, const void *to, uint64_t to_length, uint32_t flags,
                        tidemark_cursor_t **out) {
  (void)family;
  *out = NULL;
  if (flags & ~(TIDEMARK_REVERSE | TIDEMARK_KEYS_ONLY)) return TIDEMARK_UNSUPPORTED;
  tidemark_cursor_t *c = s->spare;
  s->spare = NULL;
  if (c == NULL && make_cursor(s, &c) != TIDEMARK_OK) {
    if (c != NULL) end(c);
    return TIDEMARK_FAILED;
  }
  c->session = s;
  c->at = c->walks[(flags & TIDEMARK_REVERSE) != 0];
  c->started = 0;
  /* The host's bytes are borrowed for this call only. */
  sqlite3_bind_blob64(c->at, 1, from_length == 0 ? "" : from, from_length, SQLITE_TRANSIENT);
  if (to_length == 0) sqlite3_bind_null(c->at, 2);
  else sqlite3_bind_blob64(c->at, 2, to, to_length, SQLITE_TRANSIENT);
  c->first = sqlite3_step(c->at);
  if (result(s->error, c->connection, c->first) != TIDEMARK_OK) {
    end(c);
    return TIDEMARK_FAILED;
  }
  *out = c;
  return TIDEMARK_OK;
}

int32_t tidemark_next(tidemark_cursor_t *c, tidemark_entry *entry) {
  if (c->started && c->first == SQLITE_ROW) c->first = sqlite3_step(c->at);
  c->started = 1;
  if (c->first == SQLITE_DONE) return TIDEMARK_ABSENT;
  if (c->first != SQLITE_ROW) return result(c->session->error, c->connection, c->first);
  entry->key = sqlite3_column_blob(c->at, 0);
  entry->key_length = (uint64_t)sqlite3_column_bytes(c->at, 0);
  entry->value = sqlite3_column_blob(c->at, 1);
  entry->value_length = (uint64_t)sqlite3_column_bytes(c->at, 1);
  return TIDEMARK_OK;
}

void tidemark_cursor_close(tidemark_cursor_t *c) {
  tidemark_session_t *s = c->session;
  sqlite3_reset(c->at);
  if (s->spare == NULL) s->spare = c;
  else end(c);
}

int32_t tidemark_flush(tidemark_db_t *db) {
  int code = sqlite3_exec(db->connection, "PRAGMA wal_checkpoint(FULL)", NULL, NULL, NULL);
  return result(db->error, db->connection, code);
}

/* A B-tree is changed in place: nothing is to be merged. */
int32_t tidemark_compact(tidemark_db_t *db, uint32_t family, const void *from,
                         uint64_t from_length, const void *to, uint64_t to_length) {
  (void)db, (void)family, (void)from, (void)from_length, (void)to, (void)to_length;
  return TIDEMARK_OK;
}
