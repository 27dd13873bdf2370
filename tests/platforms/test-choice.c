/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-choice.h"
#include "gan-constraints.h"
#include "gan-error.h"
#include "gan-match.h"

/* id, width, height, bitrate, ext, vcodec, acodec, protocol, watermark */
typedef struct
{
  const char *id;
  gint64 width;
  gint64 height;
  gint64 bitrate;
  const char *ext;
  const char *vcodec;
  const char *acodec;
  const char *protocol;
  gint64 watermark;
} Row;

#define AV "h264", "aac", "http", -1
#define VIDEO "h264", "none", "http", -1
#define AUDIO "none", "aac", "http", -1
#define UNKNOWN NULL, NULL, "http", -1

static const Row plain[] = {
  { "360", 640, 360, 600, "mp4", AV },
  { "1080", 1920, 1080, 4000, "mp4", AV },
  { "720", 1280, 720, 2000, "mp4", AV },
  { "2160v", 3840, 2160, 9000, "mp4", VIDEO },
  { "hls", 3840, 2160, 9000, "mp4", "h264", "aac", "hls", -1 },
  { "dash", 3840, 2160, 9000, "mp4", "h264", "aac", "dash", -1 },
  { "a128", -1, -1, 128, "m4a", AUDIO },
  { "a256", -1, -1, 256, "webm", AUDIO },
  { NULL },
};
static const Row high_only[] = {
  { "1440", 2560, 1440, 6000, "mp4", AV },
  { "1080", 1920, 1080, 4000, "mp4", AV },
  { "2160", 3840, 2160, 9000, "mp4", AV },
  { NULL },
};
static const Row upright[] = {
  { "small", 480, 854, 500, "mp4", AV },
  { "large", 1080, 1920, 3000, "mp4", AV },
  { NULL },
};
static const Row equals[] = {
  { "slow", 1280, 720, 1000, "mp4", AV },
  { "webm", 1280, 720, 2000, "webm", AV },
  { "mp4", 1280, 720, 2000, "mp4", AV },
  { "marked", 1280, 720, 9000, "mp4", "h264", "aac", "http", 1 },
  { "clean", 1280, 720, 2000, "mp4", "h264", "aac", "http", 0 },
  { NULL },
};
static const Row video_only[] = {
  { "v720", 1280, 720, 2000, "mp4", VIDEO },
  { "v1080", 1920, 1080, 3000, "mp4", VIDEO },
  { NULL },
};
static const Row unknown[] = {
  { "a", -1, -1, -1, "mp4", UNKNOWN },
  { "b", -1, -1, 900, "mp4", UNKNOWN },
  { "c", -1, 480, -1, "mp4", UNKNOWN },
  { NULL },
};
static const Row pictures[] = {
  { "small", 100, 100, -1, "jpg", "none", "none", "http", -1 },
  { "orig", 4000, 3000, -1, "jpg", "none", "none", "http", -1 },
  { NULL },
};
static const Row manifests[] = {
  { "hls", 1920, 1080, -1, "mp4", NULL, NULL, "hls", -1 },
  { "dash", 1920, 1080, -1, "mp4", NULL, NULL, "dash", -1 },
  { NULL },
};
static const Row nothing[] = { { NULL } };

static GanMedia *
make_media (const Row *rows)
{
  GanMedia *media = gan_media_new ();

  for (; rows->id != NULL; rows++)
    {
      g_autoptr (GanFormat) format = gan_format_new (rows->id, "https://e.org/x");

      gan_format_set_size (format, rows->width, rows->height);
      gan_format_set_bitrate (format, rows->bitrate);
      gan_format_set_ext (format, rows->ext);
      gan_format_set_vcodec (format, rows->vcodec);
      gan_format_set_acodec (format, rows->acodec);
      gan_format_set_protocol (format, rows->protocol);
      gan_format_set_has_watermark (format, rows->watermark);
      gan_media_append_formats (media, format);
    }
  return media;
}

static void
test_table (void)
{
  static const struct
  {
    const Row *rows;
    const char *quality;
    const char *id; /* NULL: not there */
    GanErrorCode code;
    const char *reason;
  } cases[] = {
    { plain, "best", "1080", 0, NULL },
    { plain, "2160p", "1080", 0, NULL },
    { plain, "1080p", "1080", 0, NULL },
    { plain, "1079p", "720", 0, NULL },
    { plain, "720p", "720", 0, NULL },
    { plain, "480p", "360", 0, NULL },
    { plain, "240p", "360", 0, NULL },
    { plain, "audio", "a256", 0, NULL },
    { high_only, "720p", "1080", 0, NULL },
    { high_only, "1440p", "1440", 0, NULL },
    { high_only, "audio", NULL, GAN_ERROR_NOT_FOUND, "no-format" },
    { upright, "1080p", "large", 0, NULL },
    { upright, "720p", "small", 0, NULL },
    { equals, "best", "mp4", 0, NULL },
    { video_only, "best", "v1080", 0, NULL },
    { video_only, "720p", "v720", 0, NULL },
    { unknown, "best", "c", 0, NULL },
    { unknown, "480p", "c", 0, NULL },
    { unknown, "360p", "b", 0, NULL },
    { pictures, "best", "orig", 0, NULL },
    { pictures, "audio", NULL, GAN_ERROR_NOT_FOUND, "no-format" },
    { manifests, "best", NULL, GAN_ERROR_UNSUPPORTED_URL, "protocol" },
    { manifests, "720p", NULL, GAN_ERROR_UNSUPPORTED_URL, "protocol" },
    { nothing, "best", NULL, GAN_ERROR_NOT_FOUND, "no-media" },
    { nothing, "audio", NULL, GAN_ERROR_NOT_FOUND, "no-media" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GanMedia) media = make_media (cases[i].rows);
      g_autoptr (GanChoice) choice = gan_choice_new_from_quality (cases[i].quality, &error);
      g_autoptr (GanFormat) format = NULL;

      g_assert_no_error (error);
      g_test_message ("%u: %s", i, cases[i].quality);
      format = gan_choice_select (choice, media, &error);
      g_assert_cmpstr (format == NULL ? NULL : gan_format_get_format_id (format), ==, cases[i].id);
      if (cases[i].id != NULL)
        continue;
      g_assert_true (gan_error_matches (error, cases[i].code));
      g_assert_cmpstr (gan_error_get_reason (error), ==, cases[i].reason);
    }
}

static void
test_format_id (void)
{
  g_autoptr (GanMedia) media = make_media (plain);
  g_autoptr (GanChoice) hls = gan_choice_new_from_format_id ("hls");
  g_autoptr (GanChoice) none = gan_choice_new_from_format_id ("10");
  g_autoptr (GanFormat) format = gan_choice_select (hls, media, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (gan_format_get_protocol (format), ==, GAN_PROTOCOL_HLS);
  g_assert_null (gan_choice_select (none, media, &error));
  g_assert_true (gan_error_matches (error, GAN_ERROR_NOT_FOUND));
  g_assert_cmpstr (gan_error_get_reason (error), ==, "no-format");
}

/* As a stored job says it. */
static void
test_wish (void)
{
  static const char *const wishes[][2] = {
    { NULL, "1080" },    { "best", "1080" },      { "720p", "720" },
    { "audio", "a256" }, { "format:360", "360" }, { "format:hls", "hls" },
  };
  static const char *const bad[] = { "", "format:", "format", "worst", "Format:360" };
  g_autoptr (GanMedia) media = make_media (plain);

  for (guint i = 0; i < G_N_ELEMENTS (wishes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GanChoice) choice = gan_choice_new_from_wish (wishes[i][0], &error);
      g_autoptr (GanFormat) format = gan_choice_select (choice, media, NULL);

      g_assert_no_error (error);
      g_assert_cmpstr (gan_format_get_format_id (format), ==, wishes[i][1]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (gan_choice_new_from_wish (bad[i], &error));
      g_assert_true (gan_error_matches (error, GAN_ERROR_INVALID_DATA));
    }
}

static void
test_bad_quality (void)
{
  static const char *const bad[] = {
    "", "p", "1080", "0p", "-1p", "+5p", " 5p", "1080P", "worst", "1e3p", "999999999999999999p"
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_null (gan_choice_new_from_quality (bad[i], &error));
      g_assert_true (gan_error_matches (error, GAN_ERROR_INVALID_DATA));
      g_assert_cmpstr (gan_error_get_reason (error), ==, "quality");
    }
}

static void
test_constraints (void)
{
  GanConstraints constraints = { 0 };
  g_autoptr (GanMedia) media = gan_media_new ();
  g_autoptr (GanFormat) format = gan_format_new ("x", "https://e.org/x");
  g_autoptr (GError) error = NULL;

  gan_media_set_duration (media, 61);
  gan_media_set_content_type (media, "video");
  gan_format_set_filesize (format, 1001);
  g_assert_true (gan_constraints_check_media (NULL, media, &error));
  g_assert_true (gan_constraints_check_media (&constraints, media, &error));
  g_assert_true (gan_constraints_check_format (NULL, format, &error));
  g_assert_true (gan_constraints_check_format (&constraints, format, &error));
  constraints = (GanConstraints){ 1000, 60, 1u << GAN_KIND_AUDIO };
  g_assert_false (gan_constraints_check_media (&constraints, media, &error));
  g_assert_true (gan_error_matches (error, GAN_ERROR_TOO_LARGE));
  g_assert_cmpstr (gan_error_get_reason (error), ==, "duration");
  g_clear_error (&error);
  gan_media_set_duration (media, 60);
  g_assert_false (gan_constraints_check_media (&constraints, media, &error));
  g_assert_true (gan_error_matches (error, GAN_ERROR_TOO_LARGE));
  g_assert_cmpstr (gan_error_get_reason (error), ==, "kind");
  g_clear_error (&error);
  g_assert_false (gan_constraints_check_format (&constraints, format, &error));
  g_assert_true (gan_error_matches (error, GAN_ERROR_TOO_LARGE));
  g_assert_cmpstr (gan_error_get_reason (error), ==, "size");
  g_clear_error (&error);
  gan_format_set_filesize (format, 1000);
  g_assert_true (gan_constraints_check_format (&constraints, format, &error));
  constraints.kinds = 1u << GAN_KIND_VIDEO;
  g_assert_true (gan_constraints_check_media (&constraints, media, &error));
  gan_format_set_filesize (format, GAN_UNKNOWN);
  gan_media_set_duration (media, GAN_UNKNOWN);
  g_assert_true (gan_constraints_check_format (&constraints, format, &error));
  g_assert_true (gan_constraints_check_media (&constraints, media, &error));
}

static void
test_kinds (void)
{
  GanKind kind = GAN_KIND_LIVE;

  for (GanKind i = GAN_KIND_VIDEO; i <= GAN_KIND_SHORT_LINK; i++)
    {
      g_assert_true (gan_kind_from_string (gan_kind_to_string (i), &kind));
      g_assert_cmpint (kind, ==, i);
    }
  g_assert_false (gan_kind_from_string ("movie", &kind));
  g_assert_false (gan_kind_from_string (NULL, &kind));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/choice/table", test_table);
  g_test_add_func ("/choice/format-id", test_format_id);
  g_test_add_func ("/choice/wish", test_wish);
  g_test_add_func ("/choice/bad-quality", test_bad_quality);
  g_test_add_func ("/constraints/checks", test_constraints);
  g_test_add_func ("/match/kinds", test_kinds);
  return g_test_run ();
}
