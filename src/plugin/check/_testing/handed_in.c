/*
 * A plug-in in C as an asynchronous one: SOURCE is the plug-in, and a thread for each session does what
 * is handed in. HAND_FAULT says what it does wrong.
 */
#define tidemark_describe inner_describe
#define tidemark_session inner_session
#define tidemark_session_close inner_session_close
#define tidemark_error inner_error
#include SOURCE
#undef tidemark_describe
#undef tidemark_session
#undef tidemark_session_close
#undef tidemark_error

#include <pthread.h>
#include <time.h>

#define REAPS_TWICE 1
#define LOSES_AN_END 2
#define UNKNOWN_TICKET 3
#define ENDS_EARLY 4
#define WAITS_TOO_LONG 5
#define CLOSES_EARLY 6
#define NO_REASON 7
#define READS_LATE 8

#ifndef HAND_FAULT
#define HAND_FAULT 0
#endif

/* The most in flight. */
#define ROOM 8
#define EVERY 100
#define LATE_US 20000

/* What a session has handed in. */
struct lane {
  tidemark_db_t *db;
  tidemark_session_t *session, *own;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  tidemark_operation in[ROOM];
  tidemark_completion out[2 * ROOM];
  /* Taken and not reaped; waiting for the thread; ended. */
  uint64_t under, waiting, ended, count;
  /* Texts of what was reaped last. */
  char *told[2 * ROOM];
  uint64_t texts;
  int closing;
  struct lane *next;
};

static struct lane *lanes;
static pthread_mutex_t lanes_lock = PTHREAD_MUTEX_INITIALIZER;

static struct lane *lane_of(const tidemark_session_t *session) {
  pthread_mutex_lock(&lanes_lock);
  struct lane *lane = lanes;
  while (lane != NULL && lane->session != session) lane = lane->next;
  pthread_mutex_unlock(&lanes_lock);
  return lane;
}

static uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* Does an operation, and says how it ended. */
static tidemark_completion done(struct lane *lane, const tidemark_operation *o) {
  tidemark_completion c = {o->ticket, 0, 0, NULL, TIDEMARK_UNSUPPORTED, 0};
  if (o->kind == TIDEMARK_PUT)
    c.result = tidemark_put(lane->own, o->family, o->key, o->key_length, o->value, o->value_length);
  else if (o->kind == TIDEMARK_DELETE)
    c.result = tidemark_delete(lane->own, o->family, o->key, o->key_length);
  else if (o->kind == TIDEMARK_GET)
    c.result = tidemark_get(lane->own, o->family, o->key, o->key_length, o->value, o->value_length,
                            &c.length);
  if (c.result < TIDEMARK_TOO_SMALL && HAND_FAULT != NO_REASON) {
    char text[256] = "there is no such operation";
    uint64_t length = 0;
    if (c.result != TIDEMARK_UNSUPPORTED) {
      inner_error(lane->own, TIDEMARK_SESSION, text, sizeof text - 1, &length);
      text[length] = 0;
    }
    c.error = strdup(text);
  }
  c.ended_ns = now_ns();
  return c;
}

static void *work(void *argument) {
  struct lane *lane = argument;
  pthread_mutex_lock(&lane->lock);
  for (;;) {
    while (lane->waiting == 0 && !lane->closing) pthread_cond_wait(&lane->changed, &lane->lock);
    if (lane->waiting == 0) break;
    tidemark_operation o = lane->in[0];
    memmove(lane->in, lane->in + 1, --lane->waiting * sizeof o);
    uint64_t number = ++lane->count;
    pthread_mutex_unlock(&lane->lock);
    tidemark_completion c = {o.ticket, 0, 0, NULL, TIDEMARK_OK, 0};
    /* It has ended before anything was done. */
    int is_late = (HAND_FAULT == ENDS_EARLY && o.kind == TIDEMARK_GET) ||
                  (HAND_FAULT == READS_LATE && o.kind == TIDEMARK_PUT && number % 7 == 0);
    if (HAND_FAULT == CLOSES_EARLY && o.kind == TIDEMARK_GET) usleep(LATE_US);
    if (!is_late) c = done(lane, &o);
    else if (o.kind == TIDEMARK_GET) c.length = o.value_length;
    if (HAND_FAULT == UNKNOWN_TICKET && number % EVERY == 0) c.ticket += 1000;
    pthread_mutex_lock(&lane->lock);
    if (HAND_FAULT != LOSES_AN_END || number % EVERY != 0) lane->out[lane->ended++] = c;
    if (HAND_FAULT == REAPS_TWICE && number % EVERY == 0) lane->out[lane->ended++] = c;
    pthread_cond_broadcast(&lane->changed);
    if (!is_late) continue;
    pthread_mutex_unlock(&lane->lock);
    usleep(LATE_US);
    done(lane, &o);
    pthread_mutex_lock(&lane->lock);
  }
  pthread_mutex_unlock(&lane->lock);
  return NULL;
}

TIDEMARK_EXPORT int32_t tidemark_describe(const tidemark_db_t *db, char *buffer, uint64_t capacity,
                                          uint64_t *length) {
  static const char more[] = ",\"api\":\"async\",\"inFlight\":8}";
  uint64_t own = sizeof more - 2;
  int32_t code = inner_describe(db, buffer, capacity < own ? 0 : capacity - own, length);
  if (code == TIDEMARK_OK) memcpy(buffer + *length - 1, more, own + 1);
  *length += own;
  return code;
}

TIDEMARK_EXPORT int32_t tidemark_session(tidemark_db_t *db, tidemark_session_t **out) {
  int32_t code = inner_session(db, out);
  if (code != TIDEMARK_OK) return code;
  struct lane *lane = calloc(1, sizeof *lane);
  lane->db = db;
  lane->session = *out;
  code = inner_session(db, &lane->own);
  if (code != TIDEMARK_OK) return code;
  pthread_mutex_init(&lane->lock, NULL);
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&lane->changed, &monotonic);
  pthread_mutex_lock(&lanes_lock);
  lane->next = lanes;
  lanes = lane;
  pthread_mutex_unlock(&lanes_lock);
  /* A thread for each session only once something is handed in. */
  return TIDEMARK_OK;
}

static void let_go(struct lane *lane) {
  for (uint64_t i = 0; i < lane->texts; i++) free(lane->told[i]);
  lane->texts = 0;
}

TIDEMARK_EXPORT void tidemark_session_close(tidemark_session_t *session) {
  struct lane *lane = lane_of(session);
  pthread_mutex_lock(&lanes_lock);
  for (struct lane **at = &lanes; *at != NULL; at = &(*at)->next)
    if (*at == lane) {
      *at = lane->next;
      break;
    }
  pthread_mutex_unlock(&lanes_lock);
  pthread_mutex_lock(&lane->lock);
  lane->closing = 1;
  pthread_cond_broadcast(&lane->changed);
  pthread_mutex_unlock(&lane->lock);
  if (HAND_FAULT == CLOSES_EARLY && lane->under > 0) return; /* The thread goes on. */
  if (lane->thread != 0) pthread_join(lane->thread, NULL);
  let_go(lane);
  for (uint64_t i = 0; i < lane->ended; i++) free((void *)lane->out[i].error);
  inner_session_close(lane->own);
  free(lane);
  inner_session_close(session);
}

TIDEMARK_EXPORT int32_t tidemark_error(const void *handle, uint32_t kind, char *buffer,
                                       uint64_t capacity, uint64_t *length) {
  if (kind != TIDEMARK_COMPLETION) return inner_error(handle, kind, buffer, capacity, length);
  uint64_t bytes = strlen(handle);
  *length = bytes < capacity ? bytes : capacity;
  memcpy(buffer, handle, *length);
  return TIDEMARK_OK;
}

TIDEMARK_EXPORT int32_t tidemark_submit(tidemark_session_t *session,
                                        const tidemark_operation *operations, uint64_t count) {
  struct lane *lane = lane_of(session);
  pthread_mutex_lock(&lane->lock);
  uint64_t room = ROOM - lane->under, taken = count < room ? count : room;
  memcpy(lane->in + lane->waiting, operations, taken * sizeof *operations);
  lane->waiting += taken;
  lane->under += taken;
  if (lane->thread == 0) pthread_create(&lane->thread, NULL, work, lane);
  pthread_cond_broadcast(&lane->changed);
  pthread_mutex_unlock(&lane->lock);
  return (int32_t)taken;
}

TIDEMARK_EXPORT int32_t tidemark_reap(tidemark_session_t *session,
                                      tidemark_completion *completions, uint64_t most,
                                      uint64_t wait_ns) {
  struct lane *lane = lane_of(session);
  uint64_t until = now_ns() + wait_ns;
  struct timespec deadline = {(time_t)(until / 1000000000u), (long)(until % 1000000000u)};
  pthread_mutex_lock(&lane->lock);
  let_go(lane);
  while (lane->ended == 0 && (lane->under > 0 || HAND_FAULT == WAITS_TOO_LONG)) {
    if (HAND_FAULT == WAITS_TOO_LONG) pthread_cond_wait(&lane->changed, &lane->lock);
    else if (pthread_cond_timedwait(&lane->changed, &lane->lock, &deadline) != 0) break;
  }
  uint64_t taken = lane->ended < most ? lane->ended : most;
  memcpy(completions, lane->out, taken * sizeof *completions);
  lane->ended -= taken;
  memmove(lane->out, lane->out + taken, lane->ended * sizeof *completions);
  lane->under -= taken < lane->under ? taken : lane->under;
  for (uint64_t i = 0; i < taken; i++)
    if (completions[i].error != NULL) lane->told[lane->texts++] = (char *)completions[i].error;
  pthread_mutex_unlock(&lane->lock);
  return (int32_t)taken;
}
