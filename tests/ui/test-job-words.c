/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a row of the downloads says, in every state, of hostile jobs too (H08). */
#include "config.h"

#include "gan-error.h"
#include "gan-job-words.h"
#include "gan-literal.h"

#include <locale.h>
#include <string.h>

#define NOW 1700000000
#define UNKNOWN                                                                                    \
  {                                                                                                \
    GAN_UNKNOWN, GAN_UNKNOWN, GAN_UNKNOWN, GAN_UNKNOWN                                             \
  }

typedef struct
{
  const char *name;
  const char *state;
  GanJobNumbers numbers;
  const char *error_code;
  gint64 retry_in;
  const char *status;
} Case;

static const Case cases[] = {
  { "waiting", GAN_JOB_WAITING, UNKNOWN, NULL, 0, "Waiting" },
  { "waiting-with-part",
    GAN_JOB_WAITING,
    { 5000000, 20000000, -1, -1 },
    NULL,
    0,
    "Waiting · 5.0 MB of 20.0 MB" },
  { "resolving", GAN_JOB_RESOLVING, UNKNOWN, NULL, 0, "Looking at the link…" },
  { "starting", GAN_JOB_RUNNING, UNKNOWN, NULL, 0, "Starting…" },
  { "connecting", GAN_JOB_RUNNING, { 0, -1, -1, -1 }, NULL, 0, "Connecting…" },
  { "running",
    GAN_JOB_RUNNING,
    { 12300000, 27000000, 3100000, 5 },
    NULL,
    0,
    "45% · 12.3 MB of 27.0 MB · 3.1 MB/s · 5 s left" },
  { "running-without-end",
    GAN_JOB_RUNNING,
    { 12300000, -1, 3100000, -1 },
    NULL,
    0,
    "12.3 MB · 3.1 MB/s" },
  { "stalled", GAN_JOB_RUNNING, { 100, 200, 0, -1 }, NULL, 0, "50% · 100 bytes of 200 bytes" },
  { "more-than-all",
    GAN_JOB_RUNNING,
    { 300, 200, 0, -1 },
    NULL,
    0,
    "100% · 300 bytes of 200 bytes" },
  { "minutes", GAN_JOB_RUNNING, { -1, -1, 1000, 125 }, NULL, 0, "1.0 kB/s · 2 min left" },
  { "hours", GAN_JOB_RUNNING, { -1, -1, 1000, 7500 }, NULL, 0, "1.0 kB/s · 2 h 5 min left" },
  { "days",
    GAN_JOB_RUNNING,
    { -1, -1, 1000, G_MAXINT64 },
    NULL,
    0,
    "1.0 kB/s · more than a day left" },
  { "verifying", GAN_JOB_VERIFYING, UNKNOWN, NULL, 0, "Checking the file…" },
  { "paused",
    GAN_JOB_PAUSED,
    { 5000000, 20000000, -1, -1 },
    NULL,
    0,
    "Paused · 5.0 MB of 20.0 MB" },
  { "cancelled", GAN_JOB_CANCELLED, UNKNOWN, NULL, 0, "Cancelled" },
  { "done", GAN_JOB_DONE, { 27000000, 27000000, -1, -1 }, NULL, 0, "Finished · 27.0 MB" },
  { "unheard-of", "dancing", UNKNOWN, NULL, 0, "Waiting" },
  { "failed-unheard-of", GAN_JOB_FAILED, UNKNOWN, "moon-phase", 0, "Something went wrong" },
};

static GanJobRow *
make_row (const Case *wanted)
{
  GanJobRow *row = gan_job_row_new ("https://www.a.example/v/1");

  gan_job_row_set_state (row, wanted->state);
  gan_job_row_set_error_code (row, wanted->error_code);
  return row;
}

static void
test_status (gconstpointer data)
{
  const Case *wanted = data;
  g_autoptr (GanJobRow) row = make_row (wanted);
  g_autofree char *status = gan_job_words_dup_status (row, &wanted->numbers, NOW);

  /* Between a number and its unit stands a blank that does not break. */
  for (char *blank = status; (blank = strstr (blank, "\xc2\xa0")) != NULL;)
    {
      *blank = ' ';
      memmove (blank + 1, blank + 2, strlen (blank + 2) + 1);
    }
  g_assert_cmpstr (status, ==, wanted->status);
}

static void
check_countdown (gint64 seconds, const char *end)
{
  static const GanJobNumbers unknown = UNKNOWN;
  g_autoptr (GanJobRow) row = gan_job_row_new ("https://a.example/");
  g_autofree char *status = NULL;

  gan_job_row_set_state (row, GAN_JOB_RETRYING);
  gan_job_row_set_error_code (row, "network");
  gan_job_row_set_retry_at (row, NOW + seconds);
  status = gan_job_words_dup_status (row, &unknown, NOW);
  g_assert_true (g_str_has_suffix (status, end));
  g_assert_false (g_str_has_prefix (status, "Something"));
}

static void
test_countdown (void)
{
  check_countdown (8, "trying again in 8 s");
  check_countdown (1, "trying again in 1 s");
  check_countdown (0, "trying again");
  check_countdown (-5, "trying again");
  check_countdown (600, "trying again in 10 min");
}

/* Every code has words of its own for what happened and what to do. */
static void
test_errors (void)
{
  static const GanJobNumbers unknown = UNKNOWN;

  for (int code = 0; code <= GAN_ERROR_LAST; code++)
    {
      g_autoptr (GanJobRow) row = gan_job_row_new ("https://a.example/");
      g_autofree char *status = NULL;
      g_autofree char *advice = NULL;

      gan_job_row_set_state (row, GAN_JOB_FAILED);
      gan_job_row_set_error_code (row, gan_error_code_to_string (code));
      status = gan_job_words_dup_status (row, &unknown, NOW);
      advice = gan_job_words_dup_advice (row);
      g_assert_nonnull (advice);
      g_assert_cmpint (strlen (advice), >, 0);
      g_assert_cmpstr (status, !=, "Something went wrong");
      g_assert_true (g_unichar_isupper (g_utf8_get_char (status)));
    }
}

static void
test_title (void)
{
  g_autoptr (GanJobRow) row = gan_job_row_new ("https://a.example/v/1");
  g_autofree char *link = gan_job_words_dup_title (row);
  g_autofree char *name = NULL;
  g_autofree char *title = NULL;

  g_assert_cmpstr (link, ==, "a.example/v/1");
  g_assert_false (gan_job_words_has_name (row));
  gan_job_row_set_name (row, "clip.mp4");
  name = gan_job_words_dup_title (row);
  g_assert_cmpstr (name, ==, "clip.mp4");
  gan_job_row_set_title (row, "  <b>Bold</b> & %s%n\n\tnext\x1b[31m ");
  title = gan_job_words_dup_title (row);
  g_assert_cmpstr (title, ==, "<b>Bold</b> & %s%n next [31m");
}

static void
test_origin (void)
{
  g_autoptr (GanJobRow) row = gan_job_row_new ("https://www.a.example/v/1");
  g_autoptr (GanJobRow) none = gan_job_row_new ("not a link");
  g_autofree char *host = gan_job_words_dup_origin (row);
  g_autofree char *nothing = gan_job_words_dup_origin (none);
  g_autofree char *both = NULL;

  g_assert_cmpstr (host, ==, "a.example");
  g_assert_cmpstr (nothing, ==, "");
  gan_job_row_set_creator (row, "Somebody");
  both = gan_job_words_dup_origin (row);
  g_assert_cmpstr (both, ==, "\xe2\x81\xa8Somebody\xe2\x81\xa9\xc2\xa0· a.example");
}

/* A megabyte of title, and ten thousand accents on one letter. */
static void
test_huge (void)
{
  g_autoptr (GString) accents = g_string_new ("e");
  g_autofree char *megabyte = g_strnfill (1024 * 1024, 'x');
  g_autofree char *short_line = gan_literal_dup (megabyte);
  g_autofree char *flat = NULL;

  g_assert_cmpint (g_utf8_strlen (short_line, -1), ==, 301);
  for (guint i = 0; i < 10000; i++)
    g_string_append (accents, "\xcc\x81");
  g_string_append (accents, "s");
  flat = gan_literal_dup (accents->str);
  g_assert_cmpstr (flat, ==, "e\xcc\x81\xcc\x81\xcc\x81s");
}

static void
test_not_utf8 (void)
{
  g_autofree char *line = gan_literal_dup ("abc\xff\xfe");

  g_assert_cmpstr (line, ==, "abc");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "C.UTF-8");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/job-words/status/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_status);
    }
  g_test_add_func ("/job-words/countdown", test_countdown);
  g_test_add_func ("/job-words/errors", test_errors);
  g_test_add_func ("/job-words/H08-title", test_title);
  g_test_add_func ("/job-words/origin", test_origin);
  g_test_add_func ("/job-words/H08-huge", test_huge);
  g_test_add_func ("/job-words/not-utf-8", test_not_utf8);
  return g_test_run ();
}
