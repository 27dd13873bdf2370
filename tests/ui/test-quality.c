/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gan-quality.h"

typedef struct
{
  const char *id;
  const char *ext;
  int width;
  int height;
  gint64 filesize; /* 0: unknown */
  const char *protocol;
} TestFormat;

static GanFormat *
make_format (const TestFormat *like)
{
  GanFormat *format = gan_format_new (like->id, "https://media.example/file");

  gan_format_set_ext (format, like->ext);
  if (like->height > 0)
    gan_format_set_size (format, like->width, like->height);
  if (like->filesize > 0)
    gan_format_set_filesize (format, like->filesize);
  if (like->protocol != NULL)
    gan_format_set_protocol (format, like->protocol);
  return format;
}

static GanMedia *
make_media (const char *kind, const TestFormat *formats, gsize n_formats)
{
  GanMedia *media = gan_media_new ();

  gan_media_set_content_type (media, kind);
  for (gsize i = 0; i < n_formats; i++)
    {
      g_autoptr (GanFormat) format = make_format (&formats[i]);

      gan_media_append_formats (media, format);
    }
  return media;
}

/* "label=wish" of each, with the blanks that keep figure and unit together as plain ones. */
static char *
dup_listed (GListModel *list)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (GanQuality) quality = g_list_model_get_item (list, i);

      g_string_append_printf (text,
                              "%s%s=%s",
                              i > 0 ? " | " : "",
                              gan_quality_get_label (quality),
                              gan_quality_get_wish (quality));
    }
  g_string_replace (text, "\xc2\xa0", " ", 0);
  return g_strdup (text->str);
}

static void
assert_listed (GanMedia *media, const char *expected)
{
  g_autoptr (GListModel) list = gan_quality_list_for_media (media);
  g_autofree char *listed = dup_listed (list);

  g_assert_cmpstr (listed, ==, expected);
}

static const TestFormat video_formats[] = {
  { "low", "mp4", 640, 360, 9000000, NULL },   { "high", "mp4", 1920, 1080, 80000000, NULL },
  { "mid", "mp4", 1280, 720, 24000000, NULL }, { "mid-webm", "webm", 1280, 720, 0, NULL },
  { "sound", "m4a", 0, 0, 3000000, NULL },     { "stream", "mp4", 3840, 2160, 0, GAN_PROTOCOL_HLS },
};

static void
test_video (void)
{
  g_autoptr (GanMedia) media = make_media ("video", video_formats, G_N_ELEMENTS (video_formats));

  assert_listed (media,
                 "Best (1080p) · 80.0 MB=best | 720p · 24.0 MB=720p | 360p · 9.0 MB=360p | "
                 "Audio only · 3.0 MB=audio");
}

/* Lines are the shorter side. */
static void
test_upright (void)
{
  static const TestFormat formats[]
      = { { "a", "mp4", 1080, 1920, 0, NULL }, { "b", "mp4", 540, 960, 0, NULL } };
  g_autoptr (GanMedia) media = make_media ("video", formats, G_N_ELEMENTS (formats));

  assert_listed (media, "Best (1080p)=best | 540p=540p");
}

static void
test_kinds (void)
{
  static const TestFormat sound = { "file", "mp3", 0, 0, 5000000, NULL };
  static const TestFormat picture = { "file", "jpg", 0, 0, 0, NULL };
  static const TestFormat archive = { "file", "zip", 0, 0, 1000, NULL };
  static const TestFormat film = { "file", "mp4", 0, 0, 0, NULL };
  g_autoptr (GanMedia) audio = make_media ("audio", &sound, 1);
  g_autoptr (GanMedia) image = make_media ("image", &picture, 1);
  g_autoptr (GanMedia) file = make_media (NULL, &archive, 1);
  g_autoptr (GanMedia) video = make_media ("video", &film, 1);

  assert_listed (audio, "Original audio · 5.0 MB=best");
  assert_listed (image, "Original picture=best");
  assert_listed (file, "Original file · 1.0 kB=best");
  assert_listed (video, "Original video=best");
}

/* What no number of lines tells apart goes by its id. */
static void
test_formats_by_id (void)
{
  static const TestFormat formats[]
      = { { "mp3-128", "mp3", 0, 0, 2000000, NULL }, { "flac", "flac", 0, 0, 20000000, NULL } };
  g_autoptr (GanMedia) media = make_media ("audio", formats, G_N_ELEMENTS (formats));

  gan_format_set_bitrate (g_ptr_array_index (gan_media_get_formats (media), 0), 128000);
  gan_format_set_bitrate (g_ptr_array_index (gan_media_get_formats (media), 1), 900000);
  assert_listed (media, "Best · 20.0 MB=best | MP3 · 128 kbit/s · 2.0 MB=format:mp3-128");
}

static void
test_post (void)
{
  static const TestFormat picture = { "p", "jpg", 2048, 1024, 500000, NULL };
  g_autoptr (GanMedia) post = gan_media_new ();
  g_autoptr (GanMedia) film = make_media ("video", video_formats, G_N_ELEMENTS (video_formats) - 2);
  g_autoptr (GanMedia) still = make_media ("image", &picture, 1);

  gan_media_append_items (post, film);
  gan_media_append_items (post, still);
  assert_listed (post, "Best (1080p) · 80.5 MB=best | 720p · 24.5 MB=720p | 360p · 9.5 MB=360p");
  g_assert_true (gan_quality_has_video (post));
  g_assert_false (gan_quality_is_on_offer (post, "audio"));
}

static void
test_nothing (void)
{
  static const TestFormat stream = { "s", "mp4", 1280, 720, 0, GAN_PROTOCOL_HLS };
  g_autoptr (GanMedia) streamed = make_media ("video", &stream, 1);
  g_autoptr (GanMedia) words = make_media ("post", NULL, 0);
  g_autoptr (GListModel) none = gan_quality_list_for_media (words);

  assert_listed (streamed, "");
  assert_listed (words, "");
  g_assert_cmpuint (gan_quality_find_for_media (none, words, "1080p"), ==, 0);
}

/* What is remembered means "the best up to that". */
static void
test_remembered (void)
{
  static const struct
  {
    const char *wish;
    const char *preselected;
  } cases[] = {
    { "best", "best" },   { "2160p", "best" }, { "1080p", "best" },
    { "900p", "720p" },   { "720p", "720p" },  { "144p", "360p" },
    { "audio", "audio" }, { NULL, "best" },    { "nonsense", "best" },
  };
  g_autoptr (GanMedia) media = make_media ("video", video_formats, G_N_ELEMENTS (video_formats));
  g_autoptr (GListModel) list = gan_quality_list_for_media (media);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint position = gan_quality_find_for_media (list, media, cases[i].wish);
      g_autoptr (GanQuality) quality = g_list_model_get_item (list, position);

      g_assert_cmpstr (gan_quality_get_wish (quality), ==, cases[i].preselected);
    }
}

static void
test_wishes (void)
{
  g_autoptr (GListModel) wishes = gan_quality_list_wishes ();
  g_autofree char *listed = dup_listed (wishes);
  g_autoptr (GanQuality) quality = NULL;

  g_assert_true (g_str_has_prefix (listed, "Best available=best | Up to 2160p=2160p | "));
  g_assert_true (g_str_has_suffix (listed, " | Up to 360p=360p | Audio only=audio"));
  quality = g_list_model_get_item (wishes, gan_quality_find_wish (wishes, "720p"));
  g_assert_cmpstr (gan_quality_get_label (quality), ==, "Up to 720p");
  g_assert_cmpuint (gan_quality_find_wish (wishes, "format:7"), ==, 0);
  g_assert_true (gan_quality_is_one_format ("format:7"));
  g_assert_false (gan_quality_is_one_format ("720p"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/quality/video", test_video);
  g_test_add_func ("/quality/upright", test_upright);
  g_test_add_func ("/quality/kinds", test_kinds);
  g_test_add_func ("/quality/formats-by-id", test_formats_by_id);
  g_test_add_func ("/quality/post", test_post);
  g_test_add_func ("/quality/nothing", test_nothing);
  g_test_add_func ("/quality/remembered", test_remembered);
  g_test_add_func ("/quality/wishes", test_wishes);
  return g_test_run ();
}
