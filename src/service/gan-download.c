/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-download.h"

#include "gan-error.h"
#include "gan-file-name.h"

/* What it takes to ask the site for one file again. */
typedef struct
{
  GanApp *app;
  GanMedia *item;
  char *format_id;
} Source;

static void
source_clear (Source *self)
{
  g_free (self->format_id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Source, source_clear)

/* The one thing itself, and the things of a post. One that the site does not give away has no
 * formats: it is tried as well, as the site knows why. */
static GPtrArray *
collect_items (GanMedia *media)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *items = gan_media_get_items (media);

  if (gan_media_get_formats (media)->len > 0)
    g_ptr_array_add (found, g_object_ref (media));
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (found, g_object_ref (g_ptr_array_index (items, i)));
  return g_steal_pointer (&found);
}

static GanMedia *
find_item (GPtrArray *items, const char *platform_id)
{
  for (guint i = 0; i < items->len; i++)
    {
      GanMedia *item = g_ptr_array_index (items, i);

      if (g_strcmp0 (gan_media_get_platform_id (item), platform_id) == 0)
        return item;
    }
  return NULL;
}

/* The address of the file has expired: the item's own page has a fresh one of the same format. */
static GanPlan *
refresh (gpointer user_data, GCancellable *cancellable, GError **error)
{
  const Source *source = user_data;
  GanRegistry *registry = gan_app_get_registry (source->app);
  g_autoptr (GanChoice) choice = gan_choice_new_from_format_id (source->format_id);
  g_autoptr (GanUrl) url = gan_url_parse (gan_media_get_url (source->item), error);
  g_autoptr (GanMedia) media
      = url != NULL ? gan_registry_resolve (registry, url, cancellable, error) : NULL;
  g_autoptr (GPtrArray) items = media != NULL ? collect_items (media) : NULL;
  GanMedia *item = NULL;

  if (items == NULL)
    return NULL;
  item = find_item (items, gan_media_get_platform_id (source->item));
  if (item != NULL)
    return gan_registry_prepare (registry, item, choice, cancellable, error);
  gan_error_set (error, GAN_ERROR_NOT_FOUND, "removed", "the post no longer has this file");
  return NULL;
}

/* "name.mp4" for the first file, "name-2.mp4" for the second. */
static char *
name_of_file (const char *name, guint index)
{
  g_autofree char *suffix = NULL;

  if (name == NULL || index == 0)
    return g_strdup (name);
  suffix = g_strdup_printf ("-%u", index + 1);
  return gan_file_name_add_suffix (name, suffix);
}

/* What is known before a byte is asked for. */
static gboolean
check_plan (GanPlan *plan, const GanConstraints *constraints, GError **error)
{
  gint64 size = 0;

  if (constraints == NULL || constraints->max_bytes <= 0)
    return TRUE;
  for (guint i = 0; i < gan_plan_get_n_tracks (plan); i++)
    size += MAX (gan_plan_get_track (plan, i)->size, 0);
  if (size <= constraints->max_bytes)
    return TRUE;
  gan_error_set (error,
                 GAN_ERROR_TOO_LARGE,
                 "size",
                 "it has %" G_GINT64_FORMAT " bytes, more than the %" G_GINT64_FORMAT " allowed",
                 size,
                 constraints->max_bytes);
  return FALSE;
}

static GanPlan *
prepare (GanApp *app,
         GanMedia *item,
         const GanDownloadOptions *options,
         GCancellable *cancellable,
         GError **error)
{
  g_autoptr (GanPlan) plan = NULL;

  if (!gan_constraints_check_media (options->constraints, item, error))
    return NULL;
  plan = gan_registry_prepare (gan_app_get_registry (app),
                               item,
                               options->choice,
                               cancellable,
                               error);
  return plan != NULL && check_plan (plan, options->constraints, error) ? g_steal_pointer (&plan)
                                                                        : NULL;
}

/* What a job left that is in the queue no longer, because the queue was lost or somebody took the
 * job out of it, may be gone on with by anybody. In doubt it is there. */
static gboolean
is_job_gone (const char *job, gpointer user_data)
{
  GanStore *store = gan_app_get_store (user_data);
  const char *const ids[] = { job, NULL };
  g_autoptr (GPtrArray) rows = store != NULL ? gan_store_find_jobs_sync (store, ids, NULL) : NULL;

  return rows != NULL && rows->len == 0;
}

static GanTransferResult *
download_item (GanApp *app,
               GanMedia *item,
               guint index,
               const GanDownloadOptions *options,
               GCancellable *cancellable,
               GError **error)
{
  g_autofree char *name = name_of_file (options->name, index);
  g_autoptr (GanPlan) plan = prepare (app, item, options, cancellable, error);
  g_auto (Source) source = { .app = app, .item = item };
  GanTransferOptions transfer = {
    .folder = options->folder,
    .name = name,
    .job = options->job,
    .limit_rate = options->limit_rate,
    .throttle = options->throttle,
    .max_bytes = options->constraints != NULL ? options->constraints->max_bytes : 0,
    .progress = options->progress,
    .user_data = options->user_data,
    .refresh_data = &source,
    .is_job_gone = is_job_gone,
    .job_data = app,
    .media = gan_app_get_media (app),
  };

  if (plan == NULL)
    return NULL;
  source.format_id = gan_plan_dup_format_id (plan);
  /* Of a plain file the address is all there is. */
  if (!gan_plan_is_plain_file (plan))
    transfer.refresh = refresh;
  return gan_transfer_run (gan_app_get_http (app), plan, &transfer, cancellable, error);
}

static void
report (const GanDownloadOptions *options,
        GanMedia *item,
        const GanTransferResult *result,
        const GError *error)
{
  if (options->finished != NULL)
    options->finished (item, result, error, options->user_data);
}

static gboolean
download_items (GanApp *app,
                GPtrArray *items,
                const GanDownloadOptions *options,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (GError) first = NULL;

  for (guint i = 0; i < items->len; i++)
    {
      GanMedia *item = g_ptr_array_index (items, i);
      g_autoptr (GError) failure = NULL;
      g_autoptr (GanTransferResult) result
          = download_item (app, item, i, options, cancellable, &failure);

      report (options, item, result, failure);
      if (failure != NULL && first == NULL)
        first = g_steal_pointer (&failure);
      if (g_cancellable_is_cancelled (cancellable))
        break;
    }
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

/* What the link leads to, if it is wanted; of a post, each of its things is judged by itself. */
static GanMedia *
resolve (GanApp *app,
         GanUrl *url,
         const GanDownloadOptions *options,
         GCancellable *cancellable,
         GError **error)
{
  g_autoptr (GanMedia) media
      = gan_registry_resolve (gan_app_get_registry (app), url, cancellable, error);

  if (media == NULL
      || (gan_media_get_items (media)->len == 0
          && !gan_constraints_check_media (options->constraints, media, error)))
    return NULL;
  if (options->resolved != NULL)
    options->resolved (media, options->user_data);
  return g_steal_pointer (&media);
}

/**
 * gan_download_run:
 * @app: a running program's parts
 * @url: the link
 * @options: where to, which format, whom to tell
 * @cancellable: (nullable): ends it early; part files stay and are taken up by the next run
 * @error: the first failure; not-found with reason "no-media" for a post without media, too-large
 *   for what the constraints exclude
 *
 * From a link to its verified files. Blocks. All files of a post are tried even when one fails.
 *
 * Returns: whether every file is there
 */
gboolean
gan_download_run (GanApp *app,
                  GanUrl *url,
                  const GanDownloadOptions *options,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GanMedia) media = resolve (app, url, options, cancellable, &failure);

  if (media != NULL)
    {
      items = collect_items (media);
      if (items->len > 0)
        return download_items (app, items, options, cancellable, error);
      gan_error_set (&failure, GAN_ERROR_NOT_FOUND, "no-media", "there is no media in this post");
      gan_error_set_platform (failure, gan_media_get_platform (media));
      gan_error_set_url (failure, gan_media_get_url (media));
    }
  report (options, NULL, NULL, failure);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static const char *
verified_to_string (GanVerified verified)
{
  static const char *const names[] = {
    [GAN_VERIFIED_NONE] = "none",
    [GAN_VERIFIED_LENGTH] = "length",
    [GAN_VERIFIED_CONTAINER] = "container",
  };

  return names[verified];
}

static const char *
either (const char *first, const char *second)
{
  return first != NULL ? first : second;
}

/**
 * gan_download_make_row:
 * @url: the link that led to the file
 * @post: what the link leads to
 * @item: the one of its items that the file is, or @post itself
 * @result: the file
 *
 * What an item does not say, its post does.
 *
 * Returns: (transfer full): what the library keeps of a file that is finished now
 */
GanLibraryRow *
gan_download_make_row (const char *url,
                       GanMedia *post,
                       GanMedia *item,
                       const GanTransferResult *result)
{
  GanLibraryRow *row = gan_library_row_new (result->file);

  gan_library_row_set_size (row, result->size);
  gan_library_row_set_inode (row, (gint64) result->inode);
  gan_library_row_set_url (row, either (gan_media_get_url (item), url));
  gan_library_row_set_platform (
      row,
      either (gan_media_get_platform (item), gan_media_get_platform (post)));
  gan_library_row_set_platform_id (row, gan_media_get_platform_id (item));
  gan_library_row_set_title (row, either (gan_media_get_title (item), gan_media_get_title (post)));
  gan_library_row_set_creator (row,
                               either (gan_media_get_creator (item), gan_media_get_creator (post)));
  gan_library_row_set_thumbnail_url (
      row,
      either (gan_media_get_thumbnail_url (item), gan_media_get_thumbnail_url (post)));
  gan_library_row_set_duration (row, gan_media_get_duration (item));
  gan_library_row_set_content_type (row, gan_media_get_content_type (item));
  gan_library_row_set_format_id (row, result->format_id);
  gan_library_row_set_verified (row, verified_to_string (result->verified));
  gan_library_row_set_finished_at (row, gan_clock_get_wall (gan_clock_get_system ()));
  return row;
}
