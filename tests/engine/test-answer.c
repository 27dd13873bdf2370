/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every answer means, by its head alone; test-resume.c shows the same against a server. */
#include "config.h"

#include "gan-answer.h"
#include "gan-unknown.h"

#define KNOWN_LENGTH 1000
#define HAVE 600
#define FIRST 500

typedef struct
{
  const char *name;
  guint status;
  const char *range; /* "first-last/total" */
  gint64 length;     /* Content-Length */
  const char *etag;
  const char *date;
  const char *type;
  GanVerdict verdict;
} Row;

static gint64
parse_number (const char *text)
{
  return g_str_equal (text, "*") ? GAN_UNKNOWN : g_ascii_strtoll (text, NULL, 10);
}

static GanAnswer *
make_answer (const Row *row)
{
  GanAnswer *answer = g_new0 (GanAnswer, 1);
  g_auto (GStrv) words = row->range != NULL ? g_strsplit_set (row->range, "-/", 3) : NULL;

  answer->status = row->status;
  answer->framing = row->length == GAN_UNKNOWN ? GAN_FRAMING_CHUNKED : GAN_FRAMING_LENGTH;
  answer->content_length = row->length;
  answer->first = answer->last = answer->total = GAN_UNKNOWN;
  answer->is_multipart = g_strcmp0 (row->type, "multipart/byteranges") == 0;
  answer->has_range = words != NULL;
  if (words != NULL)
    {
      answer->first = parse_number (words[0]);
      answer->last = parse_number (words[1]);
      answer->total = parse_number (words[2]);
    }
  answer->version = gan_version_new ();
  answer->version->etag = g_strdup (row->etag);
  answer->version->last_modified = g_strdup (row->date);
  answer->version->content_type = g_strdup (row->type);
  answer->version->length = row->status == 206 ? answer->total : row->length;
  return answer;
}

static void
check_rows (const Row *rows, gsize n, const GanQuestion *question)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GanAnswer) answer = make_answer (&rows[i]);

      g_test_message ("%s", rows[i].name);
      g_assert_cmpint (gan_answer_judge (answer, question), ==, rows[i].verdict);
    }
}

static GanVersion *
make_known (const char *etag, const char *date)
{
  GanVersion *known = gan_version_new ();

  known->etag = g_strdup (etag);
  known->last_modified = g_strdup (date);
  known->content_type = g_strdup ("video/mp4");
  known->length = KNOWN_LENGTH;
  gan_version_set_have (known, HAVE);
  return known;
}

static void
test_first (void)
{
  const Row rows[] = {
    { "whole", 200, NULL, 1000, NULL, NULL, NULL, GAN_VERDICT_WHOLE },
    { "part", 206, "0-999/1000", 1000, NULL, NULL, NULL, GAN_VERDICT_PART },
    { "part of unknown", 206, "0-9/*", 10, NULL, NULL, NULL, GAN_VERDICT_PART },
    { "elsewhere", 206, "1-999/1000", 999, NULL, NULL, NULL, GAN_VERDICT_ASK_PLAIN },
    { "nowhere", 206, NULL, 1000, NULL, NULL, NULL, GAN_VERDICT_ASK_PLAIN },
    { "length lies", 206, "0-999/1000", 10, NULL, NULL, NULL, GAN_VERDICT_ASK_PLAIN },
    { "empty", 416, "*-*/0", 0, NULL, NULL, NULL, GAN_VERDICT_ASK_PLAIN },
    { "dislikes ranges", 400, NULL, 0, NULL, NULL, NULL, GAN_VERDICT_ASK_PLAIN },
    { "not found", 404, NULL, 0, NULL, NULL, NULL, GAN_VERDICT_REFUSED },
    { "too many", 429, NULL, 0, NULL, NULL, NULL, GAN_VERDICT_REFUSED },
    { "broken", 500, NULL, 0, NULL, NULL, NULL, GAN_VERDICT_REFUSED },
    { "nothing", 204, NULL, 0, NULL, NULL, NULL, GAN_VERDICT_REFUSED },
    { "a page", 200, NULL, 99, NULL, NULL, "text/html", GAN_VERDICT_WHOLE },
  };
  const GanQuestion question = { .first = 0 };

  check_rows (rows, G_N_ELEMENTS (rows), &question);
}

static void
test_plain (void)
{
  const Row rows[] = {
    { "whole", 200, NULL, 1000, NULL, NULL, NULL, GAN_VERDICT_WHOLE },
    { "not asked for", 206, "0-999/1000", 1000, NULL, NULL, NULL, GAN_VERDICT_BAD_RANGE },
    { "still not", 416, "*-*/0", 0, NULL, NULL, NULL, GAN_VERDICT_REFUSED },
    { "forbidden", 403, NULL, 0, NULL, NULL, NULL, GAN_VERDICT_REFUSED },
  };
  const GanQuestion question = { .plain = TRUE };

  check_rows (rows, G_N_ELEMENTS (rows), &question);
}

static void
test_media (void)
{
  const Row rows[] = {
    { "a page", 200, NULL, 99, NULL, NULL, "text/html", GAN_VERDICT_WEB_PAGE },
    { "a part of one", 206, "0-9/10", 10, NULL, NULL, "text/html", GAN_VERDICT_WEB_PAGE },
    { "an error page", 404, NULL, 99, NULL, NULL, "text/html", GAN_VERDICT_REFUSED },
  };
  const GanQuestion question = { .media = TRUE };

  check_rows (rows, G_N_ELEMENTS (rows), &question);
}

static void
test_next (void)
{
  g_autoptr (GanVersion) known = make_known ("\"a\"", "Mon, 01 Jan 2024 00:00:00 GMT");
  const Row rows[] = {
    { "part", 206, "500-999/1000", 500, "\"a\"", NULL, NULL, GAN_VERDICT_PART },
    { "no validator", 206, "500-999/1000", 500, NULL, NULL, NULL, GAN_VERDICT_PART },
    { "same tag, other date", 206, "500-999/1000", 500, "\"a\"", "Tue", NULL, GAN_VERDICT_PART },
    { "shorter part", 206, "500-799/1000", 300, "\"a\"", NULL, NULL, GAN_VERDICT_PART },
    { "unknown total", 206, "500-999/*", 500, "\"a\"", NULL, NULL, GAN_VERDICT_PART },
    { "other date", 206, "500-999/1000", 500, "\"b\"", "Tue", NULL, GAN_VERDICT_CHANGED },
    { "other tag", 206, "500-999/1000", 500, "\"b\"", NULL, NULL, GAN_VERDICT_ASK_AGAIN },
    { "longer", 206, "500-999/2000", 500, "\"a\"", NULL, NULL, GAN_VERDICT_CHANGED },
    { "shorter", 206, "500-549/550", 50, "\"a\"", NULL, NULL, GAN_VERDICT_CHANGED },
    { "beyond", 206, "500-1000/*", 501, "\"a\"", NULL, NULL, GAN_VERDICT_CHANGED },
    { "elsewhere", 206, "501-999/1000", 499, "\"a\"", NULL, NULL, GAN_VERDICT_BAD_RANGE },
    { "nowhere", 206, NULL, 500, "\"a\"", NULL, NULL, GAN_VERDICT_BAD_RANGE },
    { "length lies", 206, "500-999/1000", 9, "\"a\"", NULL, NULL, GAN_VERDICT_BAD_RANGE },
    { "MIME",
      206,
      "500-999/1000",
      500,
      "\"a\"",
      NULL,
      "multipart/byteranges",
      GAN_VERDICT_BAD_RANGE },
    { "sign-in", 200, NULL, 99, NULL, NULL, "text/html", GAN_VERDICT_WEB_PAGE },
    { "sign-in, as asked",
      206,
      "500-599/1000",
      100,
      NULL,
      NULL,
      "text/html",
      GAN_VERDICT_WEB_PAGE },
    { "same, whole", 200, NULL, 1000, "\"a\"", NULL, NULL, GAN_VERDICT_ASK_AGAIN },
    { "other tag, whole", 200, NULL, 1000, "\"b\"", NULL, NULL, GAN_VERDICT_ASK_AGAIN },
    { "other length, whole", 200, NULL, 999, "\"b\"", NULL, NULL, GAN_VERDICT_CHANGED },
    { "other date, whole", 200, NULL, 1000, "\"b\"", "Tue", NULL, GAN_VERDICT_CHANGED },
    { "all here", 416, "*-*/600", 0, NULL, NULL, NULL, GAN_VERDICT_END },
    { "less than here", 416, "*-*/300", 0, NULL, NULL, NULL, GAN_VERDICT_CHANGED },
    { "nonsense", 416, "*-*/1000", 0, NULL, NULL, NULL, GAN_VERDICT_BAD_RANGE },
    { "no size", 416, NULL, 0, NULL, NULL, NULL, GAN_VERDICT_BAD_RANGE },
    { "expired", 403, NULL, 0, NULL, NULL, NULL, GAN_VERDICT_REFUSED },
    { "broken", 500, NULL, 0, NULL, NULL, NULL, GAN_VERDICT_REFUSED },
  };
  const GanQuestion question = { .known = known, .first = FIRST, .guarded = TRUE };

  check_rows (rows, G_N_ELEMENTS (rows), &question);
}

/* The second question, after an answer with the tag "b". */
static void
test_again (void)
{
  g_autoptr (GanVersion) known = make_known ("\"a\"", NULL);
  const Row rows[] = {
    { "the first tag", 206, "500-999/1000", 500, "\"a\"", NULL, NULL, GAN_VERDICT_PART },
    { "the second tag", 206, "500-999/1000", 500, "\"b\"", NULL, NULL, GAN_VERDICT_CHANGED },
    { "a third tag", 206, "500-999/1000", 500, "\"c\"", NULL, NULL, GAN_VERDICT_PART },
    { "whole, the first tag", 200, NULL, 1000, "\"a\"", NULL, NULL, GAN_VERDICT_NO_RANGES },
    { "whole, the second tag", 200, NULL, 1000, "\"b\"", NULL, NULL, GAN_VERDICT_CHANGED },
    { "whole, a third tag", 200, NULL, 1000, "\"c\"", NULL, NULL, GAN_VERDICT_NO_RANGES },
  };
  const GanQuestion question
      = { .known = known, .first = FIRST, .again = TRUE, .doubtful = "\"b\"" };

  check_rows (rows, G_N_ELEMENTS (rows), &question);
}

static void
test_random_tag (void)
{
  g_autoptr (GanVersion) known = make_known ("\"a\"", NULL);
  const Row third = { "", 206, "500-999/1000", 500, "\"c\"", NULL, NULL, 0 };
  const GanQuestion question
      = { .known = known, .first = FIRST, .again = TRUE, .doubtful = "\"b\"" };
  g_autoptr (GanAnswer) answer = make_answer (&third);

  gan_answer_judge (answer, &question);
  g_assert_true (answer->etag_is_random);
}

static void
test_no_validators (void)
{
  g_autoptr (GanVersion) known = make_known (NULL, NULL);
  const Row rows[] = {
    { "part", 206, "500-999/1000", 500, NULL, NULL, NULL, GAN_VERDICT_PART },
    /* No If-Range was sent, so that there is nothing to leave out. */
    { "whole", 200, NULL, 1000, NULL, NULL, NULL, GAN_VERDICT_NO_RANGES },
    { "other length", 206, "500-1000/1001", 501, NULL, NULL, NULL, GAN_VERDICT_CHANGED },
  };
  const GanQuestion question = { .known = known, .first = FIRST };

  check_rows (rows, G_N_ELEMENTS (rows), &question);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/answer/first", test_first);
  g_test_add_func ("/answer/plain", test_plain);
  g_test_add_func ("/answer/media", test_media);
  g_test_add_func ("/answer/next", test_next);
  g_test_add_func ("/answer/again", test_again);
  g_test_add_func ("/answer/random-tag", test_random_tag);
  g_test_add_func ("/answer/no-validators", test_no_validators);
  return g_test_run ();
}
