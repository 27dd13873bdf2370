/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log can be taken over once in a process, so each case is a run of this program by itself:
 * "test-log --speak CASE LEVEL". */
#include "gan-log.h"
#include "gan-test-run.h"

#include <stdlib.h>
#include <string.h>

#define SPEAKERS 8
#define LINES 200

#define SECRET "sEcReT0123456789aBcDeF"

static const struct
{
  const char *name;
  GLogLevelFlags level;
} levels[] = {
  { "critical", G_LOG_LEVEL_CRITICAL }, { "warning", G_LOG_LEVEL_WARNING },
  { "message", G_LOG_LEVEL_MESSAGE },   { "info", G_LOG_LEVEL_INFO },
  { "debug", G_LOG_LEVEL_DEBUG },
};

static void
say (const char *domain, GLogLevelFlags level, const char *message)
{
  g_log_structured (domain, level, "MESSAGE", "%s", message);
}

static void
speak_levels (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      g_autofree char *ours = g_strdup_printf ("ours %s", levels[i].name);
      g_autofree char *theirs = g_strdup_printf ("theirs %s", levels[i].name);

      say ("gan-net", levels[i].level, ours);
      say ("OtherLibrary", levels[i].level, theirs);
    }
}

static void
speak_secrets (void)
{
  say ("gan-net", G_LOG_LEVEL_WARNING, "https://example.org/a?token=" SECRET "&page=2 failed");
  say ("gan-net", G_LOG_LEVEL_WARNING, "Authorization: Bearer " SECRET);
  say ("gan-net", G_LOG_LEVEL_WARNING, "https://name:" SECRET "@example.org/a");
  say ("OtherLibrary", G_LOG_LEVEL_WARNING, "Cookie: sid=" SECRET);
}

static void
speak_lines (void)
{
  say ("gan-net", G_LOG_LEVEL_WARNING, "one\ntwo\r\nthree \033[31mred\033[0m \a tail");
  say (NULL, G_LOG_LEVEL_WARNING, "of nobody");
}

static gpointer
chatter (gpointer data)
{
  g_autofree char *word = g_strnfill (300, (char) ('a' + GPOINTER_TO_INT (data)));

  for (guint i = 0; i < LINES; i++)
    say ("gan-net", G_LOG_LEVEL_WARNING, word);
  return NULL;
}

static void
speak_threads (void)
{
  GThread *threads[SPEAKERS] = { NULL };

  for (int i = 0; i < SPEAKERS; i++)
    threads[i] = g_thread_new ("chatter", chatter, GINT_TO_POINTER (i));
  for (guint i = 0; i < SPEAKERS; i++)
    g_thread_join (threads[i]);
}

static const struct
{
  const char *name;
  void (*speak) (void);
} speeches[] = {
  { "levels", speak_levels },
  { "secrets", speak_secrets },
  { "lines", speak_lines },
  { "threads", speak_threads },
};

static int
speak (const char *name, const char *level_name)
{
  /* Warnings are what is tested here. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      if (g_str_equal (levels[i].name, level_name))
        gan_log_init (levels[i].level);
    }
  for (guint i = 0; i < G_N_ELEMENTS (speeches); i++)
    {
      if (g_str_equal (speeches[i].name, name))
        speeches[i].speak ();
    }
  return EXIT_SUCCESS;
}

/* What a run wrote to stderr; it writes nothing to stdout. */
static char *
hear (const char *name, const char *level_name)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  const char *const argv[] = { self, "--speak", name, level_name, NULL };
  g_autoptr (GanTestRun) run = gan_test_run_sync (argv, NULL, NULL, NULL);
  g_autofree char *output = gan_test_run_dup_stdout (run);

  g_assert_cmpint (gan_test_run_get_exit (run), ==, EXIT_SUCCESS);
  g_assert_cmpstr (output, ==, "");
  return gan_test_run_dup_stderr (run);
}

/* Ours from the level on; other people's warnings and worse, whatever the level. */
static void
test_levels (void)
{
  for (guint limit = 0; limit < G_N_ELEMENTS (levels); limit++)
    {
      g_autofree char *text = hear ("levels", levels[limit].name);

      g_test_message ("%s:\n%s", levels[limit].name, text);
      for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
        {
          g_autofree char *ours = g_strdup_printf ("gan-net: ours %s\n", levels[i].name);
          g_autofree char *theirs = g_strdup_printf ("OtherLibrary: theirs %s\n", levels[i].name);

          g_assert_cmpint (strstr (text, ours) != NULL, ==, i <= limit);
          g_assert_cmpint (strstr (text, theirs) != NULL, ==, i <= 1);
        }
    }
}

static void
test_secrets (void)
{
  g_autofree char *text = hear ("secrets", "warning");

  g_test_message ("%s", text);
  g_assert_null (strstr (text, SECRET));
  g_assert_nonnull (strstr (text, "page=2 failed"));
  g_assert_nonnull (strstr (text, "example.org/a"));
}

static void
test_lines (void)
{
  g_autofree char *text = hear ("lines", "warning");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_test_message ("%s", text);
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  g_assert_true (g_str_has_prefix (lines[0], "gan-net: one"));
  g_assert_nonnull (strstr (lines[0], "tail"));
  g_assert_cmpstr (lines[1], ==, "gannet: of nobody");
  g_assert_cmpstr (lines[2], ==, "");
  for (const char *p = lines[0]; *p != '\0'; p++)
    g_assert_false (g_ascii_iscntrl (*p));
}

static void
test_threads (void)
{
  g_autofree char *text = hear ("threads", "warning");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint counts[SPEAKERS] = { 0 };

  g_assert_cmpuint (g_strv_length (lines), ==, SPEAKERS * LINES + 1);
  for (guint i = 0; lines[i + 1] != NULL; i++)
    {
      const char *word = lines[i] + strlen ("gan-net: ");
      int speaker = word[0] - 'a';

      g_assert_true (g_str_has_prefix (lines[i], "gan-net: "));
      g_assert_cmpint (speaker, >=, 0);
      g_assert_cmpint (speaker, <, SPEAKERS);
      g_assert_cmpuint (strspn (word, (char[]){ word[0], '\0' }), ==, 300);
      g_assert_cmpuint (strlen (word), ==, 300);
      counts[speaker]++;
    }
  for (guint i = 0; i < SPEAKERS; i++)
    g_assert_cmpuint (counts[i], ==, LINES);
}

int
main (int argc, char **argv)
{
  if (argc == 4 && strcmp (argv[1], "--speak") == 0)
    return speak (argv[2], argv[3]);

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log/levels", test_levels);
  g_test_add_func ("/log/secrets", test_secrets);
  g_test_add_func ("/log/lines", test_lines);
  g_test_add_func ("/log/threads", test_threads);
  return g_test_run ();
}
