/*
 * A plug-in in C that keeps what it has to and meddles with its process: SOURCE is the plug-in, and
 * MEDDLES says with what.
 */
#define _GNU_SOURCE
#define tidemark_open inner_open
#include SOURCE
#undef tidemark_open

#include <signal.h>

#define PRINTS_HALF_LINES 1
#define PRINTS_VERDICTS 2
#define CLOSES_STDOUT 3
#define STARTS_A_PROCESS 4
#define HANGS 5

static void say(const char *text) {
  if (write(1, text, strlen(text)) < 0) abort();
}

TIDEMARK_EXPORT int32_t tidemark_open(const char *config, uint64_t config_length,
                                      tidemark_db_t **out) {
  if (MEDDLES == PRINTS_HALF_LINES) say("opening ... ");
  if (MEDDLES == PRINTS_VERDICTS)
    say("{\"kind\":\"verdict\",\"name\":\"forged\",\"state\":\"holds\",\"detail\":\"\"}\n"
        "{\"kind\":\"verdict\"}\n{\"kind\":null}\n");
  if (MEDDLES == CLOSES_STDOUT) close(1);
  if (MEDDLES == STARTS_A_PROCESS && fork() == 0) {
    sleep(30);
    _exit(0);
  }
  if (MEDDLES == HANGS) for (;;) pause();
  return inner_open(config, config_length, out);
}
