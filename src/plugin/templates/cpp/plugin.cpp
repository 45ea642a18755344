// PLUGIN_NAME as a plug-in of Tidemark. What is here is a sorted map in memory with a log, which holds
// all that `deno task plugin check` asks for: put your engine in its place, function by function.
// More of them are in tidemark_plugin.h: an engine with threads of its own says "api":"async", and has
// submit and reap as well.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>

#include "tidemark_config.h"
#include "tidemark_plugin.h"

using Map = std::map<std::string, std::string>;

struct tidemark_db_t {
  std::mutex lock;
  // Copied where a cursor still walks it when something is written.
  std::shared_ptr<Map> map = std::make_shared<Map>();
  int log = -1;
  std::string wal = "buffered", error;
  ~tidemark_db_t() {
    if (log >= 0) ::close(log);
  }
};

struct tidemark_session_t {
  tidemark_db_t *db;
  std::string error;
};

struct tidemark_cursor_t {
  std::shared_ptr<const Map> map;
  Map::const_iterator from, to, at;
  bool reverse, started;
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

std::string text(const void *bytes, uint64_t length) {
  return length == 0 ? std::string() : std::string(static_cast<const char *>(bytes), length);
}

// Goes through operations as tidemark_batch has them. False where one is of an unknown kind.
template <typename Each>
bool each_operation(const char *at, uint64_t bytes, Each each) {
  for (const char *end = at + bytes; at < end;) {
    uint32_t head[4];
    memcpy(head, at, sizeof head);
    if (head[0] > TIDEMARK_DELETE) return false;
    each(head[0], text(at + 16, head[2]), text(at + 16 + head[2], head[3]));
    at += (16 + uint64_t{head[2]} + head[3] + 7) & ~uint64_t{7};
  }
  return true;
}

void apply(Map &map, uint32_t kind, std::string key, std::string value) {
  if (kind == TIDEMARK_PUT) map[std::move(key)] = std::move(value);
  else map.erase(key);
}

// Reads the log: groups of operations with their length before them. A kill may have torn the last.
void replay(tidemark_db_t &db) {
  struct stat stat;
  fstat(db.log, &stat);
  std::string bytes(static_cast<size_t>(stat.st_size), '\0');
  uint64_t whole = 0, group;
  if (pread(db.log, bytes.data(), bytes.size(), 0) < 0) throw std::runtime_error("its log is unreadable");
  while (whole + 8 <= bytes.size()) {
    memcpy(&group, bytes.data() + whole, 8);
    if (whole + 8 + group > bytes.size()) break;
    each_operation(bytes.data() + whole + 8, group, [&](uint32_t kind, std::string key, std::string value) {
      apply(*db.map, kind, std::move(key), std::move(value));
    });
    whole += 8 + group;
  }
  if (ftruncate(db.log, static_cast<off_t>(whole)) != 0) throw std::runtime_error("its log is not to be cut");
}

int32_t write(tidemark_db_t &db, const std::string &operations) {
  std::string group(8, '\0');
  uint64_t bytes = operations.size();
  memcpy(group.data(), &bytes, 8);
  group += operations;
  std::lock_guard<std::mutex> held(db.lock);
  if (::write(db.log, group.data(), group.size()) != static_cast<ssize_t>(group.size()))
    throw std::runtime_error("its log cannot be written");
  if (db.wal == "synced" && fdatasync(db.log) != 0) throw std::runtime_error("its log is not synced");
  if (db.map.use_count() > 1) db.map = std::make_shared<Map>(*db.map);
  each_operation(operations.data(), bytes, [&](uint32_t kind, std::string key, std::string value) {
    apply(*db.map, kind, std::move(key), std::move(value));
  });
  return TIDEMARK_OK;
}

std::string operation(uint32_t kind, const std::string &key, const std::string &value) {
  const uint32_t head[4] = {kind, 0, static_cast<uint32_t>(key.size()),
                            static_cast<uint32_t>(value.size())};
  std::string bytes(reinterpret_cast<const char *>(head), sizeof head);
  bytes += key + value;
  bytes.resize((bytes.size() + 7) & ~size_t{7});
  return bytes;
}

}  // namespace

uint32_t tidemark_abi(void) { return TIDEMARK_ABI; }

int32_t tidemark_describe(const tidemark_db_t *db, char *buffer, uint64_t capacity, uint64_t *length) {
  const std::string wal = db == nullptr ? "buffered" : db->wal;
  const std::string said =
      R"({"name":"PLUGIN_NAME","engine":"a sorted map","version":"0.1.0","threads":"session",)"
      R"("families":1,"network":false,)" +
      (db == nullptr ? "" : R"("durability":")" + wal + R"(",)") + R"("options":{"wal":")" + wal + R"("}})";
  return tidemark_give(said.data(), said.size(), buffer, capacity, length);
}

int32_t tidemark_open(const char *config, uint64_t config_length, tidemark_db_t **out) {
  tidemark_db_t *db = *out = new (std::nothrow) tidemark_db_t;
  if (db == nullptr) return TIDEMARK_FAILED;
  return guarded(db->error, [&] {
    char path[4096] = "", wal[16] = "buffered";
    tidemark_members m = {};
    m.at = config;
    m.end = config + config_length;
    while (tidemark_next_member(&m)) {
      if (tidemark_member_is(&m, "path")) tidemark_value_text(&m, path, sizeof path);
      else if (tidemark_member_is(&m, "wal")) tidemark_value_text(&m, wal, sizeof wal);
      else if (!tidemark_member_is(&m, "families"))
        throw std::runtime_error("there is no option " + std::string(m.name, m.name_length));
    }
    db->wal = wal;
    if (db->wal != "synced" && db->wal != "buffered") throw std::runtime_error("there is no wal " + db->wal);
    mkdir(path, 0777);
    db->log = open((std::string(path) + "/log").c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (db->log < 0) throw std::runtime_error("its log cannot be opened");
    if (flock(db->log, LOCK_EX | LOCK_NB) != 0) throw std::runtime_error("it is open already");
    replay(*db);
    return TIDEMARK_OK;
  });
}

int32_t tidemark_close(tidemark_db_t *db) {
  delete db;
  return TIDEMARK_OK;
}

int32_t tidemark_session(tidemark_db_t *db, tidemark_session_t **out) {
  *out = new (std::nothrow) tidemark_session_t{db, {}};
  return *out == nullptr ? TIDEMARK_FAILED : TIDEMARK_OK;
}

void tidemark_session_close(tidemark_session_t *session) { delete session; }

int32_t tidemark_put(tidemark_session_t *s, uint32_t, const void *key, uint64_t key_length,
                     const void *value, uint64_t value_length) {
  return guarded(s->error, [&] {
    return write(*s->db, operation(TIDEMARK_PUT, text(key, key_length), text(value, value_length)));
  });
}

int32_t tidemark_delete(tidemark_session_t *s, uint32_t, const void *key, uint64_t key_length) {
  return guarded(s->error, [&] {
    return write(*s->db, operation(TIDEMARK_DELETE, text(key, key_length), {}));
  });
}

int32_t tidemark_batch(tidemark_session_t *s, const void *operations, uint64_t bytes, uint64_t) {
  return guarded(s->error, [&]() -> int32_t {
    // Looked at whole before anything is done.
    const bool known = each_operation(static_cast<const char *>(operations), bytes,
                                      [](uint32_t, std::string, std::string) {});
    return known ? write(*s->db, text(operations, bytes)) : TIDEMARK_UNSUPPORTED;
  });
}

int32_t tidemark_get(tidemark_session_t *s, uint32_t, const void *key, uint64_t key_length,
                     void *buffer, uint64_t capacity, uint64_t *length) {
  return guarded(s->error, [&]() -> int32_t {
    std::lock_guard<std::mutex> held(s->db->lock);
    const auto found = s->db->map->find(text(key, key_length));
    if (found == s->db->map->end()) return TIDEMARK_ABSENT;
    const std::string &value = found->second;
    return tidemark_give(value.data(), value.size(), static_cast<char *>(buffer), capacity, length);
  });
}

int32_t tidemark_error(const void *handle, uint32_t kind, char *buffer, uint64_t capacity,
                       uint64_t *length) {
  const std::string &said = kind == TIDEMARK_DATABASE ? static_cast<const tidemark_db_t *>(handle)->error
                                                      : static_cast<const tidemark_session_t *>(handle)->error;
  uint64_t bytes = said.size();
  while (bytes > capacity || (bytes > 0 && (said[bytes] & 0xc0) == 0x80)) bytes--;
  return tidemark_give(said.data(), bytes, buffer, capacity, length);
}

int32_t tidemark_cursor(tidemark_session_t *s, uint32_t, const void *from, uint64_t from_length,
                        const void *to, uint64_t to_length, uint32_t flags, tidemark_cursor_t **out) {
  *out = nullptr;
  if (flags & ~(TIDEMARK_REVERSE | TIDEMARK_KEYS_ONLY)) return TIDEMARK_UNSUPPORTED;
  return guarded(s->error, [&] {
    auto cursor = std::make_unique<tidemark_cursor_t>();
    std::lock_guard<std::mutex> held(s->db->lock);
    cursor->map = s->db->map;
    const Map &map = *cursor->map;
    cursor->from = from_length == 0 ? map.begin() : map.lower_bound(text(from, from_length));
    cursor->to = to_length == 0 ? map.end() : map.lower_bound(text(to, to_length));
    // Bounds that cross have nothing between them.
    if (to_length > 0 && text(from, from_length) > text(to, to_length)) cursor->from = cursor->to;
    cursor->reverse = (flags & TIDEMARK_REVERSE) != 0;
    cursor->at = cursor->reverse ? cursor->to : cursor->from;
    *out = cursor.release();
    return TIDEMARK_OK;
  });
}

int32_t tidemark_next(tidemark_cursor_t *cursor, tidemark_entry *entry) {
  if (cursor->reverse) {
    if (cursor->at == cursor->from) return TIDEMARK_ABSENT;
    --cursor->at;
  } else {
    if (cursor->started && cursor->at != cursor->to) ++cursor->at;
    if (cursor->at == cursor->to) return TIDEMARK_ABSENT;
    cursor->started = true;
  }
  const auto &[key, value] = *cursor->at;
  *entry = {key.data(), key.size(), value.data(), value.size()};
  return TIDEMARK_OK;
}

void tidemark_cursor_close(tidemark_cursor_t *cursor) { delete cursor; }

// The log is all there is, and nothing is to be merged.
int32_t tidemark_flush(tidemark_db_t *) { return TIDEMARK_OK; }
int32_t tidemark_compact(tidemark_db_t *, uint32_t, const void *, uint64_t, const void *, uint64_t) {
  return TIDEMARK_OK;
}
