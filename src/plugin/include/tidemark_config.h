/*
 * Reads the configuration that tidemark_open is given, for plug-ins in C and C++: a flat JSON object,
 * as the host writes it. Nothing here allocates.
 */
#ifndef TIDEMARK_CONFIG_H
#define TIDEMARK_CONFIG_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A walk over the members. Begin with {text, text + length}. */
typedef struct tidemark_members {
  const char *at;
  const char *end;
  /* The member's name, and its value: of a text what is between its quotes, still escaped. */
  const char *name, *value;
  uint64_t name_length, value_length;
  int is_text;
} tidemark_members;

/* Goes beyond a text's closing quote, or to the end. */
static inline const char *tidemark_text_end(const char *at, const char *end) {
  while (at < end && *at != '"') at += *at == '\\' ? 2 : 1;
  return at < end ? at : end;
}

/* Goes to the next member. Returns 0 past the last one. */
static inline int tidemark_next_member(tidemark_members *m) {
  while (m->at < m->end && *m->at != '"') m->at++;
  if (m->at >= m->end) return 0;
  m->name = ++m->at;
  m->at = tidemark_text_end(m->at, m->end);
  m->name_length = (uint64_t)(m->at - m->name);
  while (m->at < m->end && *m->at != ':') m->at++;
  do m->at++;
  while (m->at < m->end && *m->at == ' ');
  if (m->at >= m->end) return 0;
  m->is_text = *m->at == '"';
  if (m->is_text) {
    m->value = ++m->at;
    m->at = tidemark_text_end(m->at, m->end);
    m->value_length = (uint64_t)(m->at - m->value);
    if (m->at < m->end) m->at++;
  } else {
    m->value = m->at;
    while (m->at < m->end && !strchr(",} \n", *m->at)) m->at++;
    m->value_length = (uint64_t)(m->at - m->value);
  }
  return 1;
}

/* Whether the member has this name. */
static inline int tidemark_member_is(const tidemark_members *m, const char *name) {
  return strlen(name) == m->name_length && memcmp(name, m->name, m->name_length) == 0;
}

/* Whether the member's value is this text. */
static inline int tidemark_value_is(const tidemark_members *m, const char *text) {
  return m->is_text && strlen(text) == m->value_length &&
         memcmp(text, m->value, m->value_length) == 0;
}

/* The member's value as a number; 0 where it is none. */
static inline uint64_t tidemark_value_number(const tidemark_members *m) {
  char digits[32];
  uint64_t n = m->value_length < 31 ? m->value_length : 31;
  memcpy(digits, m->value, n);
  digits[n] = 0;
  return m->is_text ? 0 : strtoull(digits, NULL, 10);
}

/* Copies the member's text without its escapes, with a zero at the end. Returns 0 where it does not
   fit, or holds a zero or what is beyond ASCII as an escape, which the host does not write. */
static inline int tidemark_value_text(const tidemark_members *m, char *into, uint64_t capacity) {
  uint64_t n = 0;
  for (uint64_t i = 0; i < m->value_length; i++) {
    char c = m->value[i];
    if (n + 1 >= capacity) return 0;
    if (c == '\\' && i + 1 < m->value_length) {
      static const char from[] = "nrtbf\"\\/", to[] = "\n\r\t\b\f\"\\/";
      const char *found = strchr(from, m->value[++i]);
      if (found != NULL) c = to[found - from];
      else if (m->value[i] == 'u' && i + 4 < m->value_length) {
        char hex[5] = {m->value[i + 1], m->value[i + 2], m->value[i + 3], m->value[i + 4], 0};
        long code = strtol(hex, NULL, 16);
        if (code < 1 || code > 127) return 0;
        c = (char)code;
        i += 4;
      } else return 0;
    }
    into[n++] = c;
  }
  if (capacity == 0) return 0;
  into[n] = 0;
  return m->is_text;
}

/* Writes text into the host's buffer: what describe, property, stats and error do. 0, or -2 where it
   does not fit (see TIDEMARK_TOO_SMALL). */
static inline int32_t tidemark_give(const char *text, uint64_t bytes, char *buffer,
                                    uint64_t capacity, uint64_t *length) {
  *length = bytes;
  if (bytes > capacity) return -2;
  memcpy(buffer, text, bytes);
  return 0;
}

#endif
