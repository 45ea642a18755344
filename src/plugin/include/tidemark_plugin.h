/*
 * Tidemark's plug-ins: a storage engine in a shared library, measured as any other store.
 *
 * This is version 1 of the interface. A plug-in is a library that exports the functions below; the
 * host (Tidemark) opens it, never unloads it, and calls it from one process for each run.
 *
 *   deno task bench --store ./libmyengine.so
 *
 * THE RULES
 *
 * Shape. Flat exported functions, no table of pointers: the host makes fast calls to a library's
 * functions only (6 to 7 ns, whatever the number of arguments). Every result but that of tidemark_abi
 * is an int32_t, since a 64-bit one costs the host an allocation. Lengths are uint64_t, in bytes; the
 * host gives no key and no value of 4 GiB or more, and takes none.
 *
 * Required and optional. Required are: abi, describe, open, close, session, session_close, put, get,
 * delete, error. The others are looked for, and what is absent is not asked for: a plug-in without
 * cursors is measured in what it has. Cursor, next and cursor_close are there together or not at all.
 *
 * Forward. Functions are only added. A changed meaning is a new name. An unknown flag or kind of
 * operation is answered with TIDEMARK_UNSUPPORTED, and an unknown member of the configuration is
 * refused by open: no result may say that something was set which was not.
 *
 * Ownership. None crosses the border. Bytes that the host gives are borrowed for that call only: what
 * is needed later is copied. Bytes that the plug-in gives are written into the host's buffer, and
 * never beyond its capacity; the one exception is a cursor's entry, whose key and value stay where
 * the engine has them and are borrowed until the next call on that cursor (copying a value of 1 KiB
 * takes longer than the crossing that it would save). Handles are made and closed by the plug-in.
 *
 * Threads. A session is what one client thread needs (read options, scratch, last error). It is used
 * by one thread at a time, and is not bound to the thread that made it. Different sessions may be used
 * at the same time if `threads` says so. What one session has acknowledged, a get on any other
 * session that begins afterwards sees. A cursor belongs to its session.
 *
 * Order of closing. Cursors, then sessions, then the database. A closed handle is not used again.
 *
 * Asynchronous engines. One that does its work on threads of its own says `api` "async" and exports
 * submit and reap: the host hands operations in, at most `inFlight` of a session at a time, and takes
 * what has ended; put, get and delete wait for one. There are no callbacks, so none comes from a
 * foreign thread. What is in flight is the session's, and closing that waits for it.
 *
 * Errors. A function that fails returns a negative result; the text is asked for by tidemark_error,
 * with the handle that was used. It is kept by that handle, never by the thread.
 *
 * Manners. No exit, no abort, no signal handlers, nothing on the standard output, no change of the
 * working directory or the environment, no callbacks into the host. Nothing that unwinds (a C++
 * exception, a Rust panic) leaves a function: it is caught, and TIDEMARK_PANICKED is returned.
 */
#ifndef TIDEMARK_PLUGIN_H
#define TIDEMARK_PLUGIN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define TIDEMARK_EXPORT __declspec(dllexport)
#else
#define TIDEMARK_EXPORT __attribute__((visibility("default")))
#endif

/* The version of this interface, which tidemark_abi returns. */
#define TIDEMARK_ABI 1u

/* Results. Zero and above: done. */
#define TIDEMARK_OK 0
#define TIDEMARK_ABSENT (-1)      /* No such key, no further entry, no such property. No error. */
#define TIDEMARK_TOO_SMALL (-2)   /* It does not fit; *length has what is needed, the buffer is as it was. */
#define TIDEMARK_UNSUPPORTED (-3) /* The engine has no such thing, in general or with these options. */
#define TIDEMARK_FAILED (-4)      /* tidemark_error says why. */
#define TIDEMARK_PANICKED (-5)    /* As FAILED, and so does every later call on the handle but error and close. */

/* Kinds of handles, for tidemark_error. */
#define TIDEMARK_DATABASE 0u
#define TIDEMARK_SESSION 1u
#define TIDEMARK_COMPLETION 2u /* What a completion has as its error. */

/* Flags of a cursor. */
#define TIDEMARK_REVERSE 1u   /* From the last key to the first. */
#define TIDEMARK_KEYS_ONLY 2u /* Values are not looked at; their lengths may be 0. */

/* Kinds of operations; a batch has the first two. */
#define TIDEMARK_PUT 0u
#define TIDEMARK_DELETE 1u
#define TIDEMARK_GET 2u

/* Kinds of events; the host passes over those that it does not know. */
#define TIDEMARK_FLUSH 0u
#define TIDEMARK_COMPACTION 1u
#define TIDEMARK_STALL 2u
#define TIDEMARK_SYNC 3u
#define TIDEMARK_LOST 4u /* So many events were dropped before this one, as its bytes say: the ring was full. */

typedef struct tidemark_db_t tidemark_db_t;
typedef struct tidemark_session_t tidemark_session_t;
typedef struct tidemark_cursor_t tidemark_cursor_t;

/* Where a cursor's entry is. */
typedef struct tidemark_entry {
  const void *key;
  uint64_t key_length;
  const void *value;
  uint64_t value_length;
} tidemark_entry;

/* Where a value of several lies in the host's buffer. */
typedef struct tidemark_found {
  uint64_t offset;
  uint64_t length; /* TIDEMARK_NOT_FOUND of an absent key. */
} tidemark_found;
#define TIDEMARK_NOT_FOUND UINT64_MAX

/* Bytes of the host. */
typedef struct tidemark_bytes {
  const void *bytes;
  uint64_t length;
} tidemark_bytes;

/* An operation that is handed in. */
typedef struct tidemark_operation {
  uint64_t ticket; /* The host's number for it; no two in flight of a session have the same. */
  uint32_t kind;
  uint32_t family;
  const void *key;
  uint64_t key_length;
  void *value;           /* Of a put its bytes, of a get the buffer that is written into. */
  uint64_t value_length; /* The buffer's capacity, of a get. */
} tidemark_operation;

/* How it ended. */
typedef struct tidemark_completion {
  uint64_t ticket;
  uint64_t length;   /* Of a get's value, as tidemark_get tells it. */
  uint64_t ended_ns; /* When, by CLOCK_MONOTONIC; 0 where that is not known. */
  const void *error; /* Of one that failed: for tidemark_error, until the session's next reap. Else null. */
  int32_t result;    /* As put, get or delete return it. */
  uint32_t reserved; /* 0 */
} tidemark_completion;

/* Something that an engine did beside the operations; times by CLOCK_MONOTONIC, in ns. */
typedef struct tidemark_event {
  uint64_t begin_ns;
  uint64_t end_ns;
  uint64_t bytes; /* That were written; 0 where that is not known. */
  uint32_t kind;
  uint32_t reserved; /* 0 */
} tidemark_event;

/* ---- required ------------------------------------------------------------------------------ */

/* TIDEMARK_ABI. The host refuses another number, and names both. It does nothing else: the host
   calls it in a loop to know what a crossing costs. */
TIDEMARK_EXPORT uint32_t tidemark_abi(void);

/* JSON in UTF-8, an object. With a null database, what the plug-in is:
     name        of this plug-in: 1 to 40 of a-z, 0-9, - and _; results call the store plugin@NAME
     engine      "RocksDB"
     version     of the engine, "7.8.3"
     threads     "one" session at a time | "session": one thread a session, several at once
     families    the most column families that open takes; 1 where there are none
     network     true where a network lies between
     options     members of the configuration that open takes, with their defaults, e.g. {"wal": "buffered"}
   and where it is so:
     mostKeyBytes  the longest key that put takes; a longer one fails with a text
     cursors     "live": a cursor may see what is written after it began
     api         "async": operations are handed in by submit, and taken by reap
     inFlight    then: the most operations of a session that are handed in at a time, 1 to 65536
   With an open database also what is in effect:
     durability  of an acknowledged write: "synced" to the device | "buffered" in the operating system
                 (survives the process, not the machine) | "off": in the process's memory, written
                 later | "none": never kept. It is what every result says, and what the check holds it to
     acknowledgement  may be left out: in words, what has been done with a write that is acknowledged,
                 e.g. "the log is written, and fdatasync has returned", for readers of a table of engines
     options     as they are in effect
   Called again when the buffer was too small. */
TIDEMARK_EXPORT int32_t tidemark_describe(const tidemark_db_t *database, char *buffer,
                                          uint64_t capacity, uint64_t *length);

/* Opens the database of a directory, and makes both where they are not there. A directory is open
   once at a time. The configuration is JSON, a flat object:
     path      the directory
     families  how many column families there are to be, numbered from 0
   and those of these that were asked for (sizes in bytes): wal ("synced", "buffered", "off"),
   compression ("none", "snappy", "zlib", "lz4", "zstd"), writeBufferBytes, blockCacheBytes, bloomBits,
   statistics (true, false), engineOptions (text in the engine's own form).
   Where it fails, *database is a handle that answers tidemark_error and is closed, or null. */
TIDEMARK_EXPORT int32_t tidemark_open(const char *config, uint64_t config_length,
                                      tidemark_db_t **database);

/* Closes. All that was acknowledged is in files, or in the log, when it returns. The handle is gone,
   whatever the result is. */
TIDEMARK_EXPORT int32_t tidemark_close(tidemark_db_t *database);

/* A session. Where it fails, *session is null and the database has the error. */
TIDEMARK_EXPORT int32_t tidemark_session(tidemark_db_t *database, tidemark_session_t **session);
TIDEMARK_EXPORT void tidemark_session_close(tidemark_session_t *session);

/* Sets a key. Keys have a byte or more, of any value; values may be empty. */
TIDEMARK_EXPORT int32_t tidemark_put(tidemark_session_t *session, uint32_t family, const void *key,
                                     uint64_t key_length, const void *value, uint64_t value_length);

/* Copies a key's value into the buffer and writes its length. ABSENT where there is none; TOO_SMALL
   where the value is longer than the capacity: the length is written, and the buffer left as it is. */
TIDEMARK_EXPORT int32_t tidemark_get(tidemark_session_t *session, uint32_t family, const void *key,
                                     uint64_t key_length, void *buffer, uint64_t capacity,
                                     uint64_t *length);

/* Removes a key. An absent one is no error. */
TIDEMARK_EXPORT int32_t tidemark_delete(tidemark_session_t *session, uint32_t family,
                                        const void *key, uint64_t key_length);

/* The last error's text of a handle of a kind, UTF-8, no zero at the end, cut to the capacity at a
   character's start. A cursor's is its session's. */
TIDEMARK_EXPORT int32_t tidemark_error(const void *handle, uint32_t kind, char *buffer,
                                       uint64_t capacity, uint64_t *length);

/* ---- optional ------------------------------------------------------------------------------ */

/* A walk over the store as it is now, whatever is written meanwhile (but see describe), in bytewise order of the keys:
   from the first key that is not below `from` to the last below `to`; a length of 0 is no bound.
   It begins before the first entry. Where it fails, *cursor is null and the session has the error. */
TIDEMARK_EXPORT int32_t tidemark_cursor(tidemark_session_t *session, uint32_t family,
                                        const void *from, uint64_t from_length, const void *to,
                                        uint64_t to_length, uint32_t flags,
                                        tidemark_cursor_t **cursor);
/* Goes to the next entry. ABSENT at the end, and from then on. */
TIDEMARK_EXPORT int32_t tidemark_next(tidemark_cursor_t *cursor, tidemark_entry *entry);
TIDEMARK_EXPORT void tidemark_cursor_close(tidemark_cursor_t *cursor);

/* Writes `count` operations together or not at all, in their order. They lie one after the other,
   each at a multiple of 8 bytes from the start: uint32_t kind, family, key length, value length (0 of
   a delete), then the key's bytes, then the value's. */
TIDEMARK_EXPORT int32_t tidemark_batch(tidemark_session_t *session, const void *operations,
                                       uint64_t bytes, uint64_t count);

/* Gets `count` keys of a family at once. The values are copied into the buffer one after the other, and
   `found` says where each is, in the keys' order. TOO_SMALL where they do not all fit: *length has what
   is needed in all, and what the buffer and `found` hold then is of no meaning. */
TIDEMARK_EXPORT int32_t tidemark_multi_get(tidemark_session_t *session, uint32_t family,
                                           const tidemark_bytes *keys, uint64_t count, void *buffer,
                                           uint64_t capacity, tidemark_found *found,
                                           uint64_t *length);

/* Hands in operations, in their order; returns how many are taken, from the first on: fewer than
   `count` where as many as `inFlight` are under way. It does not wait. The array is borrowed for the
   call; keys, values and buffers until their operation is reaped. Each one that is taken is reaped
   once. What is wrong with one of them, an unknown kind too, is its completion's result. In which
   order they are done is the engine's, and a get sees what was reaped before it was handed in. */
TIDEMARK_EXPORT int32_t tidemark_submit(tidemark_session_t *session,
                                        const tidemark_operation *operations, uint64_t count);
/* Takes up to `most` operations that have ended, and returns how many. Where none has, it waits for
   one, as long as `wait_ns` at most; 0 where none has ended by then, or nothing is in flight. */
TIDEMARK_EXPORT int32_t tidemark_reap(tidemark_session_t *session,
                                      tidemark_completion *completions, uint64_t most,
                                      uint64_t wait_ns);

/* Takes up to `most` events that have ended, the oldest first, and returns how many. Each is told once.
   The engine keeps them in a ring until then, and says where that was full. */
TIDEMARK_EXPORT int32_t tidemark_events(tidemark_db_t *database, tidemark_event *events,
                                        uint64_t most);

/* Moves what is in memory to files. */
TIDEMARK_EXPORT int32_t tidemark_flush(tidemark_db_t *database);
/* Writes the log to the device. */
TIDEMARK_EXPORT int32_t tidemark_sync(tidemark_db_t *database);
/* Merges the files of a range of a family, and waits; a length of 0 is no bound. */
TIDEMARK_EXPORT int32_t tidemark_compact(tidemark_db_t *database, uint32_t family,
                                         const void *from, uint64_t from_length, const void *to,
                                         uint64_t to_length);
/* Waits until nothing works in the background, or the time is up: ABSENT then. */
TIDEMARK_EXPORT int32_t tidemark_settle(tidemark_db_t *database, uint64_t timeout_ms);

/* A property of the engine by its own name, as text. ABSENT where it knows none of that name. */
TIDEMARK_EXPORT int32_t tidemark_property(tidemark_db_t *database, uint32_t family,
                                          const char *name, uint64_t name_length, char *buffer,
                                          uint64_t capacity, uint64_t *length);

/* JSON, a flat object of whole numbers by these names, as far as they are known.
   As they are now: estimatedKeys, memtableBytes, immutableMemtables, liveFileBytes, level0Files,
   level1Files, runningFlushes, runningCompactions, pendingCompactionBytes, blockCacheBytes,
   writesStopped, backgroundErrors. Since the opening, never falling: bytesWritten, flushBytes,
   compactReadBytes, compactWriteBytes, walBytes, cacheHits, cacheMisses, stallNs. */
TIDEMARK_EXPORT int32_t tidemark_stats(tidemark_db_t *database, char *buffer,
                                       uint64_t capacity, uint64_t *length);

#ifdef __cplusplus
}
#endif
#endif
