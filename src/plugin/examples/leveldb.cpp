/*
 * LevelDB as a plug-in, over Debian's libleveldb.
 *
 *   c++ -O2 -std=c++17 -shared -fPIC -I../include -o libleveldb_plugin.so leveldb.cpp -lleveldb
 */
#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/write_batch.h>

#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#include "tidemark_config.h"
#include "tidemark_plugin.h"

struct tidemark_db_t {
  std::string path, wal = "buffered", error;
  uint64_t write_buffer = 4 << 20, block_cache = 8 << 20;
  std::unique_ptr<leveldb::Cache> cache;
  std::unique_ptr<leveldb::DB> db;
  leveldb::WriteOptions write;
};

struct tidemark_session_t {
  tidemark_db_t *owner;
  std::string error, value; /* A get's value, whose memory is used again. */
};

struct tidemark_cursor_t {
  tidemark_session_t *session;
  std::unique_ptr<leveldb::Iterator> at;
  std::string from, to;
  bool bounded_from, bounded_to, reverse, started = false, ended = false;
};

namespace {

// Runs with every exception caught: none may leave a function.
template <typename Run>
int32_t guarded(std::string &error, Run run) {
  try {
    return run();
  } catch (const std::exception &thrown) {
    error = thrown.what();
  } catch (...) {
    error = "something was thrown that is no exception";
  }
  return TIDEMARK_FAILED;
}

int32_t result(std::string &error, const leveldb::Status &status) {
  if (status.ok()) return TIDEMARK_OK;
  error = status.ToString();
  return TIDEMARK_FAILED;
}

leveldb::Slice slice(const void *bytes, uint64_t length) {
  return leveldb::Slice(static_cast<const char *>(bytes), length);
}

std::string option(const char *name, uint64_t value) {
  return ",\"" + std::string(name) + "\":" + std::to_string(value);
}

}  // namespace

uint32_t tidemark_abi(void) { return TIDEMARK_ABI; }

int32_t tidemark_describe(const tidemark_db_t *db, char *buffer, uint64_t capacity,
                          uint64_t *length) {
  const tidemark_db_t defaults, &set = db == nullptr ? defaults : *db;
  const std::string version =
      std::to_string(leveldb::kMajorVersion) + "." + std::to_string(leveldb::kMinorVersion);
  const std::string means = set.wal == "synced"
                                ? "the log is written, and fdatasync has returned"
                                : "the log is written to the operating system";
  const std::string open = db == nullptr ? ""
                                         : R"("durability":")" + set.wal +
                                               R"(","acknowledgement":")" + means + R"(",)";
  const std::string said =
      R"({"name":"leveldb","engine":"LevelDB","version":")" + version +
      R"(","threads":"session","families":1,"network":false,)" + open + R"("options":{"wal":")" +
      set.wal + '"' + option("writeBufferBytes", set.write_buffer) +
      option("blockCacheBytes", set.block_cache) + "}}";
  return tidemark_give(said.data(), said.size(), buffer, capacity, length);
}

int32_t tidemark_open(const char *config, uint64_t config_length, tidemark_db_t **out) {
  tidemark_db_t *db = *out = new (std::nothrow) tidemark_db_t;
  if (db == nullptr) return TIDEMARK_FAILED;
  return guarded(db->error, [&]() -> int32_t {
    char text[4096];
    tidemark_members m = {};
    m.at = config;
    m.end = config + config_length;
    while (tidemark_next_member(&m)) {
      if (tidemark_member_is(&m, "families")) continue;
      if (tidemark_member_is(&m, "writeBufferBytes")) db->write_buffer = tidemark_value_number(&m);
      else if (tidemark_member_is(&m, "blockCacheBytes")) db->block_cache = tidemark_value_number(&m);
      else if (!tidemark_value_text(&m, text, sizeof text)) throw std::runtime_error("a setting is too long");
      else if (tidemark_member_is(&m, "path")) db->path = text;
      else if (tidemark_member_is(&m, "wal")) db->wal = text;
      else throw std::runtime_error("there is no option " + std::string(m.name, m.name_length));
    }
    if (db->wal != "synced" && db->wal != "buffered")
      throw std::runtime_error("wal is synced or buffered");
    db->write.sync = db->wal == "synced";
    db->cache.reset(leveldb::NewLRUCache(db->block_cache));
    leveldb::Options options;
    options.create_if_missing = true;
    options.write_buffer_size = db->write_buffer;
    options.block_cache = db->cache.get();
    leveldb::DB *opened = nullptr;
    const auto status = leveldb::DB::Open(options, db->path, &opened);
    db->db.reset(opened);
    return result(db->error, status);
  });
}

int32_t tidemark_close(tidemark_db_t *db) {
  db->db.reset(); /* Before the cache that it uses. */
  delete db;
  return TIDEMARK_OK;
}

int32_t tidemark_session(tidemark_db_t *db, tidemark_session_t **out) {
  *out = new (std::nothrow) tidemark_session_t{db, {}, {}};
  return *out == nullptr ? TIDEMARK_FAILED : TIDEMARK_OK;
}

void tidemark_session_close(tidemark_session_t *s) { delete s; }

int32_t tidemark_put(tidemark_session_t *s, uint32_t, const void *key, uint64_t key_length,
                     const void *value, uint64_t value_length) {
  return guarded(s->error, [&] {
    tidemark_db_t &db = *s->owner;
    return result(s->error, db.db->Put(db.write, slice(key, key_length), slice(value, value_length)));
  });
}

int32_t tidemark_get(tidemark_session_t *s, uint32_t, const void *key, uint64_t key_length,
                     void *buffer, uint64_t capacity, uint64_t *length) {
  return guarded(s->error, [&]() -> int32_t {
    const auto status = s->owner->db->Get({}, slice(key, key_length), &s->value);
    if (status.IsNotFound()) return TIDEMARK_ABSENT;
    if (!status.ok()) return result(s->error, status);
    return tidemark_give(s->value.data(), s->value.size(), static_cast<char *>(buffer), capacity, length);
  });
}

int32_t tidemark_delete(tidemark_session_t *s, uint32_t, const void *key, uint64_t key_length) {
  return guarded(s->error, [&] {
    tidemark_db_t &db = *s->owner;
    return result(s->error, db.db->Delete(db.write, slice(key, key_length)));
  });
}

int32_t tidemark_error(const void *handle, uint32_t kind, char *buffer, uint64_t capacity,
                       uint64_t *length) {
  const std::string &text = kind == TIDEMARK_DATABASE
                                ? static_cast<const tidemark_db_t *>(handle)->error
                                : static_cast<const tidemark_session_t *>(handle)->error;
  uint64_t bytes = text.size();
  while (bytes > capacity || (bytes > 0 && (text[bytes] & 0xc0) == 0x80)) bytes--;
  return tidemark_give(text.data(), bytes, buffer, capacity, length);
}

int32_t tidemark_batch(tidemark_session_t *s, const void *operations, uint64_t, uint64_t count) {
  return guarded(s->error, [&]() -> int32_t {
    leveldb::WriteBatch batch;
    const char *at = static_cast<const char *>(operations);
    for (uint64_t i = 0; i < count; i++) {
      uint32_t head[4];
      memcpy(head, at, sizeof head);
      const auto key = slice(at + 16, head[2]), value = slice(at + 16 + head[2], head[3]);
      if (head[0] == TIDEMARK_PUT) batch.Put(key, value);
      else if (head[0] == TIDEMARK_DELETE) batch.Delete(key);
      else return TIDEMARK_UNSUPPORTED;
      at += (16 + uint64_t{head[2]} + head[3] + 7) & ~uint64_t{7};
    }
    return result(s->error, s->owner->db->Write(s->owner->write, &batch));
  });
}

int32_t tidemark_cursor(tidemark_session_t *s, uint32_t, const void *from, uint64_t from_length,
                        const void *to, uint64_t to_length, uint32_t flags,
                        tidemark_cursor_t **out) {
  *out = nullptr;
  if (flags & ~(TIDEMARK_REVERSE | TIDEMARK_KEYS_ONLY)) return TIDEMARK_UNSUPPORTED;
  return guarded(s->error, [&]() -> int32_t {
    auto cursor = std::make_unique<tidemark_cursor_t>();
    cursor->session = s;
    cursor->at.reset(s->owner->db->NewIterator({}));
    cursor->bounded_from = from_length > 0;
    cursor->bounded_to = to_length > 0;
    if (from_length > 0) cursor->from.assign(static_cast<const char *>(from), from_length);
    if (to_length > 0) cursor->to.assign(static_cast<const char *>(to), to_length);
    cursor->reverse = (flags & TIDEMARK_REVERSE) != 0;
    *out = cursor.release();
    return TIDEMARK_OK;
  });
}

/* Goes to the first entry of the walk. */
static void begin(tidemark_cursor_t &c) {
  if (!c.reverse && !c.bounded_from) return c.at->SeekToFirst();
  if (!c.reverse) return c.at->Seek(c.from);
  if (!c.bounded_to) return c.at->SeekToLast();
  c.at->Seek(c.to);
  if (c.at->Valid()) c.at->Prev();
  else c.at->SeekToLast();
}

int32_t tidemark_next(tidemark_cursor_t *c, tidemark_entry *entry) {
  if (c->ended) return TIDEMARK_ABSENT;
  return guarded(c->session->error, [&]() -> int32_t {
    if (!c->started) begin(*c);
    else if (c->reverse) c->at->Prev();
    else c->at->Next();
    c->started = true;
    const bool inside = c->at->Valid() && (c->reverse ? !c->bounded_from || c->at->key().compare(c->from) >= 0
                                                      : !c->bounded_to || c->at->key().compare(c->to) < 0);
    if (!inside) {
      c->ended = true;
      return c->at->status().ok() ? TIDEMARK_ABSENT : result(c->session->error, c->at->status());
    }
    *entry = {c->at->key().data(), c->at->key().size(), c->at->value().data(), c->at->value().size()};
    return TIDEMARK_OK;
  });
}

void tidemark_cursor_close(tidemark_cursor_t *c) { delete c; }

int32_t tidemark_flush(tidemark_db_t *db) {
  const leveldb::Slice nothing; /* The memtable is written before any range is merged. */
  db->db->CompactRange(&nothing, &nothing);
  return TIDEMARK_OK;
}

int32_t tidemark_compact(tidemark_db_t *db, uint32_t, const void *from, uint64_t from_length,
                         const void *to, uint64_t to_length) {
  const auto begin = slice(from, from_length), end = slice(to, to_length);
  db->db->CompactRange(from_length > 0 ? &begin : nullptr, to_length > 0 ? &end : nullptr);
  return TIDEMARK_OK;
}

int32_t tidemark_property(tidemark_db_t *db, uint32_t, const char *name, uint64_t name_length,
                          char *buffer, uint64_t capacity, uint64_t *length) {
  std::string value;
  if (!db->db->GetProperty(slice(name, name_length), &value)) return TIDEMARK_ABSENT;
  return tidemark_give(value.data(), value.size(), buffer, capacity, length);
}
