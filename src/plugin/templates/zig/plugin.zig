//! PLUGIN_NAME as a plug-in of Tidemark. What is here is a sorted array in memory with a log, which holds
//! all that `deno task plugin check` asks for: put your engine in its place, function by function.
//! The rules are in tidemark_plugin.h, and more functions: an engine with threads of its own says
//! "api":"async", and has submit and reap as well.

const std = @import("std");
const allocator = std.heap.c_allocator;

/// Results; see tidemark_plugin.h.
const ok: i32 = 0;
const absent: i32 = -1;
const too_small: i32 = -2;
const unsupported: i32 = -3;
const failed: i32 = -4;

const op_put: u32 = 0;
const op_delete: u32 = 1;
const flag_reverse: u32 = 1;
const known_flags: u32 = 3;

const Record = struct { key: []u8, value: []u8 };

/// A database. One that could not be opened says why.
const Database = struct {
    records: std.ArrayList(Record) = .empty,
    lock: Mutex = undefined,
    log: c_int = -1,
    wal: Wal = .buffered,
    reason: []const u8 = "",
};
const Wal = enum { buffered, synced };

const Session = struct { database: *Database, reason: []const u8 = "" };

/// A copy of all that there was.
const Cursor = struct { records: std.ArrayList(Record) = .empty, at: usize = 0 };

const Entry = extern struct {
    key: ?[*]const u8,
    key_length: u64,
    value: ?[*]const u8,
    value_length: u64,
};

// Of the C library, whose forms do not change from one Zig to the next.
const Mutex = extern struct { bytes: [128]u8 align(16) };
extern "c" fn pthread_mutex_init(mutex: *Mutex, attributes: ?*anyopaque) c_int;
extern "c" fn pthread_mutex_lock(mutex: *Mutex) c_int;
extern "c" fn pthread_mutex_unlock(mutex: *Mutex) c_int;
extern "c" fn mkdir(path: [*:0]const u8, mode: c_uint) c_int;
extern "c" fn open(path: [*:0]const u8, flags: c_int, ...) c_int;
extern "c" fn close(file: c_int) c_int;
extern "c" fn flock(file: c_int, operation: c_int) c_int;
extern "c" fn read(file: c_int, buffer: [*]u8, bytes: usize) isize;
extern "c" fn write(file: c_int, buffer: [*]const u8, bytes: usize) isize;
extern "c" fn ftruncate(file: c_int, length: i64) c_int;
extern "c" fn fdatasync(file: c_int) c_int;
const o_flags: c_int = 0o2 | 0o100 | 0o2000 | 0o2000000; // RDWR, CREAT, APPEND, CLOEXEC of Linux
const lock_exclusive_now: c_int = 2 | 4;

export fn tidemark_abi() u32 {
    return 1;
}

export fn tidemark_describe(database: ?*const Database, buffer: [*]u8, capacity: u64, length: *u64) i32 {
    const wal: Wal = if (database) |db| db.wal else .buffered;
    var space: [1024]u8 = undefined;
    const opened = if (database == null) "" else if (wal == .synced)
        ",\"durability\":\"synced\""
    else
        ",\"durability\":\"buffered\"";
    const text = std.fmt.bufPrint(
        &space,
        "{{\"name\":\"PLUGIN_NAME\",\"engine\":\"a sorted array\",\"version\":\"0.1.0\"," ++
            "\"threads\":\"session\",\"families\":1,\"network\":false{s}," ++
            "\"options\":{{\"wal\":\"{s}\"}}}}",
        .{ opened, @tagName(wal) },
    ) catch return failed;
    return give(text, buffer, capacity, length);
}

export fn tidemark_open(config: [*]const u8, config_length: u64, out: *?*Database) i32 {
    const db = allocator.create(Database) catch return failed;
    db.* = .{};
    _ = pthread_mutex_init(&db.lock, null);
    out.* = db;
    opening(db, config[0..config_length]) catch |err| {
        if (db.reason.len == 0) db.reason = @errorName(err);
        return failed;
    };
    return ok;
}

fn opening(db: *Database, config: []const u8) !void {
    const parsed = try std.json.parseFromSlice(std.json.Value, allocator, config, .{});
    defer parsed.deinit();
    var path: []const u8 = "";
    var members = parsed.value.object.iterator();
    while (members.next()) |member| {
        const name = member.key_ptr.*;
        if (std.mem.eql(u8, name, "path")) {
            path = member.value_ptr.*.string;
        } else if (std.mem.eql(u8, name, "wal")) {
            db.wal = std.meta.stringToEnum(Wal, member.value_ptr.*.string) orelse {
                db.reason = "wal is synced or buffered";
                return error.Refused;
            };
        } else if (!std.mem.eql(u8, name, "families")) {
            // No result may say that something was set which was not.
            db.reason = "there is no such option";
            return error.Refused;
        }
    }
    var space: [4200]u8 = undefined;
    _ = mkdir(try withZero(&space, path, ""), 0o777);
    db.log = open(try withZero(&space, path, "/log"), o_flags, @as(c_uint, 0o666));
    if (db.log < 0 or flock(db.log, lock_exclusive_now) != 0) {
        db.reason = "its log cannot be opened, or is open already";
        return error.Refused;
    }
    try replay(db);
}

/// A path as the C library takes it.
fn withZero(space: []u8, path: []const u8, more: []const u8) ![*:0]const u8 {
    if (path.len + more.len >= space.len) return error.PathTooLong;
    @memcpy(space[0..path.len], path);
    @memcpy(space[path.len..][0..more.len], more);
    space[path.len + more.len] = 0;
    return @ptrCast(space.ptr);
}

/// Reads the log, of which a part at the end may be missing.
fn replay(db: *Database) !void {
    var bytes: std.ArrayList(u8) = .empty;
    defer bytes.deinit(allocator);
    var part: [65536]u8 = undefined;
    while (true) {
        const count = read(db.log, &part, part.len);
        if (count <= 0) break;
        try bytes.appendSlice(allocator, part[0..@intCast(count)]);
    }
    var at: usize = 0;
    while (at + 8 <= bytes.items.len) {
        // A group: how many bytes, then its operations.
        const size = std.mem.readInt(u64, bytes.items[at..][0..8], .little);
        if (size > bytes.items.len - at - 8) break;
        try applyAll(db, bytes.items[at + 8 ..][0..size]);
        at += 8 + size;
    }
    if (ftruncate(db.log, @intCast(at)) != 0) return error.LogNotCut;
}

export fn tidemark_close(db: *Database) i32 {
    for (db.records.items) |record| freeRecord(record);
    db.records.deinit(allocator);
    if (db.log >= 0) _ = close(db.log);
    allocator.destroy(db);
    return ok;
}

export fn tidemark_session(db: *Database, out: *?*Session) i32 {
    const session = allocator.create(Session) catch return failed;
    session.* = .{ .database = db };
    out.* = session;
    return ok;
}

export fn tidemark_session_close(session: *Session) void {
    allocator.destroy(session);
}

export fn tidemark_put(
    s: *Session,
    family: u32,
    key: [*]const u8,
    key_length: u64,
    value: [*]const u8,
    value_length: u64,
) i32 {
    return writeOne(s, op_put, family, key[0..key_length], value[0..value_length]);
}

export fn tidemark_get(
    s: *Session,
    _: u32,
    key: [*]const u8,
    key_length: u64,
    buffer: [*]u8,
    capacity: u64,
    length: *u64,
) i32 {
    const db = s.database;
    _ = pthread_mutex_lock(&db.lock);
    defer _ = pthread_mutex_unlock(&db.lock);
    const place = find(db, key[0..key_length]);
    if (!place.found) return absent;
    return give(db.records.items[place.at].value, buffer, capacity, length);
}

export fn tidemark_delete(s: *Session, family: u32, key: [*]const u8, key_length: u64) i32 {
    return writeOne(s, op_delete, family, key[0..key_length], "");
}

export fn tidemark_error(handle: *const anyopaque, kind: u32, buffer: [*]u8, capacity: u64, length: *u64) i32 {
    const database: *const Database = @ptrCast(@alignCast(handle));
    const session: *const Session = @ptrCast(@alignCast(handle));
    const text = if (kind == 0) database.reason else session.reason;
    return give(text[0..@min(text.len, capacity)], buffer, capacity, length);
}

/// Operations lie one after the other, each at a multiple of 8 bytes: kind, family, both lengths, bytes.
export fn tidemark_batch(s: *Session, operations: [*]const u8, bytes: u64, _: u64) i32 {
    return writeAll(s, operations[0..bytes]);
}

export fn tidemark_cursor(
    s: *Session,
    _: u32,
    from: [*]const u8,
    from_length: u64,
    to: [*]const u8,
    to_length: u64,
    flags: u32,
    out: *?*Cursor,
) i32 {
    out.* = null;
    if (flags & ~known_flags != 0) return unsupported;
    const db = s.database;
    _ = pthread_mutex_lock(&db.lock);
    defer _ = pthread_mutex_unlock(&db.lock);
    const low = if (from_length == 0) 0 else find(db, from[0..from_length]).at;
    const high = if (to_length == 0) db.records.items.len else find(db, to[0..to_length]).at;
    const part = if (low < high) db.records.items[low..high] else db.records.items[0..0];
    out.* = walk(part, flags & flag_reverse != 0) catch return failedBy(s, "out of memory");
    return ok;
}

fn walk(records: []const Record, reverse: bool) !*Cursor {
    const cursor = try allocator.create(Cursor);
    cursor.* = .{};
    for (0..records.len) |i| {
        const record = records[if (reverse) records.len - 1 - i else i];
        try cursor.records.append(allocator, .{
            .key = try allocator.dupe(u8, record.key),
            .value = try allocator.dupe(u8, record.value),
        });
    }
    return cursor;
}

export fn tidemark_next(cursor: *Cursor, entry: *Entry) i32 {
    if (cursor.at == cursor.records.items.len) return absent;
    const record = cursor.records.items[cursor.at];
    cursor.at += 1;
    entry.* = .{
        .key = record.key.ptr,
        .key_length = record.key.len,
        .value = record.value.ptr,
        .value_length = record.value.len,
    };
    return ok;
}

export fn tidemark_cursor_close(cursor: *Cursor) void {
    for (cursor.records.items) |record| freeRecord(record);
    cursor.records.deinit(allocator);
    allocator.destroy(cursor);
}

/// The log is all there is, and nothing is to be merged.
export fn tidemark_flush(_: *Database) i32 {
    return ok;
}

export fn tidemark_compact(_: *Database, _: u32, _: ?[*]const u8, _: u64, _: ?[*]const u8, _: u64) i32 {
    return ok;
}

/// Copies into the host's buffer, if it fits.
fn give(bytes: []const u8, buffer: [*]u8, capacity: u64, length: *u64) i32 {
    length.* = bytes.len;
    if (bytes.len > capacity) return too_small;
    @memcpy(buffer[0..bytes.len], bytes);
    return ok;
}

fn failedBy(s: *Session, reason: []const u8) i32 {
    s.reason = reason;
    return failed;
}

fn freeRecord(record: Record) void {
    allocator.free(record.key);
    allocator.free(record.value);
}

/// Where the key is, or belongs.
fn find(db: *const Database, key: []const u8) struct { at: usize, found: bool } {
    var low: usize = 0;
    var high: usize = db.records.items.len;
    while (low < high) {
        const middle = (low + high) / 2;
        switch (std.mem.order(u8, db.records.items[middle].key, key)) {
            .lt => low = middle + 1,
            .gt => high = middle,
            .eq => return .{ .at = middle, .found = true },
        }
    }
    return .{ .at = low, .found = false };
}

const Operation = struct { kind: u32, key: []const u8, value: []const u8, next: usize };

fn operationAt(all: []const u8, at: usize) Operation {
    const word = struct {
        fn word(bytes: []const u8, place: usize) u32 {
            return std.mem.readInt(u32, bytes[place..][0..4], .little);
        }
    }.word;
    const key = at + 16;
    const value = key + word(all, at + 8);
    const end = value + word(all, at + 12);
    return .{
        .kind = word(all, at),
        .key = all[key..value],
        .value = all[value..end],
        .next = std.mem.alignForward(usize, end, 8),
    };
}

fn applyAll(db: *Database, operations: []const u8) !void {
    var at: usize = 0;
    while (at < operations.len) {
        const operation = operationAt(operations, at);
        at = operation.next;
        const place = find(db, operation.key);
        if (operation.kind == op_delete) {
            if (place.found) freeRecord(db.records.orderedRemove(place.at));
            continue;
        }
        const value = try allocator.dupe(u8, operation.value);
        if (place.found) {
            const record = &db.records.items[place.at];
            allocator.free(record.value);
            record.value = value;
        } else {
            const key = try allocator.dupe(u8, operation.key);
            try db.records.insert(allocator, place.at, .{ .key = key, .value = value });
        }
    }
}

fn writeOne(s: *Session, kind: u32, family: u32, key: []const u8, value: []const u8) i32 {
    const size = std.mem.alignForward(usize, 16 + key.len + value.len, 8);
    const operation = allocator.alloc(u8, size) catch return failedBy(s, "out of memory");
    defer allocator.free(operation);
    @memset(operation, 0);
    const head = [_]u32{ kind, family, @intCast(key.len), @intCast(value.len) };
    for (head, 0..) |word, i| std.mem.writeInt(u32, operation[4 * i ..][0..4], word, .little);
    @memcpy(operation[16..][0..key.len], key);
    @memcpy(operation[16 + key.len ..][0..value.len], value);
    return writeAll(s, operation);
}

/// Does operations together or not at all.
fn writeAll(s: *Session, operations: []const u8) i32 {
    var at: usize = 0;
    while (at < operations.len) {
        const operation = operationAt(operations, at);
        if (operation.kind > op_delete) return unsupported;
        at = operation.next;
    }
    const db = s.database;
    const group = allocator.alloc(u8, 8 + operations.len) catch return failedBy(s, "out of memory");
    defer allocator.free(group);
    std.mem.writeInt(u64, group[0..8], operations.len, .little);
    @memcpy(group[8..], operations);
    _ = pthread_mutex_lock(&db.lock);
    defer _ = pthread_mutex_unlock(&db.lock);
    const kept = write(db.log, group.ptr, group.len) == @as(isize, @intCast(group.len));
    if (!kept or (db.wal == .synced and fdatasync(db.log) != 0)) {
        return failedBy(s, "its log cannot be written");
    }
    applyAll(db, operations) catch return failedBy(s, "out of memory");
    return ok;
}
