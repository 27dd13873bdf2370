/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-add-item.h"

#include "gan-choice.h"
#include "gan-error.h"
#include "gan-job.h"

struct _GanAddItem
{
  GObject parent_instance;

  GanRegistry *registry;
  char *link;
  GanUrl *url;     /* NULL: no link at all */
  GanMatch *match; /* NULL: no site claims it */
  GanAddState state;
  GCancellable *cancellable; /* while it is resolved */
  GanMedia *media;
  GError *error;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (GanAddItem, gan_add_item, G_TYPE_OBJECT)

static void
gan_add_item_dispose (GObject *object)
{
  GanAddItem *self = GAN_ADD_ITEM (object);

  gan_add_item_cancel (self);
  g_clear_object (&self->registry);
  g_clear_object (&self->media);
  G_OBJECT_CLASS (gan_add_item_parent_class)->dispose (object);
}

static void
gan_add_item_finalize (GObject *object)
{
  GanAddItem *self = GAN_ADD_ITEM (object);

  g_free (self->link);
  g_clear_pointer (&self->url, gan_url_unref);
  g_clear_pointer (&self->match, gan_match_unref);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (gan_add_item_parent_class)->finalize (object);
}

static void
gan_add_item_class_init (GanAddItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = gan_add_item_dispose;
  object_class->finalize = gan_add_item_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed",
                                          GAN_TYPE_ADD_ITEM,
                                          G_SIGNAL_RUN_LAST,
                                          0,
                                          NULL,
                                          NULL,
                                          NULL,
                                          G_TYPE_NONE,
                                          1,
                                          G_TYPE_UINT);
}

static void
gan_add_item_init (GanAddItem *self)
{
}

static void
set_state (GanAddItem *self, GanAddState state)
{
  GanAddState before = self->state;

  self->state = state;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, (guint) before);
}

/**
 * gan_add_item_new:
 * @registry: whose sites are asked
 * @link: what somebody calls a link
 *
 * Returns: (transfer full): the link, waiting; or failed already where it is no link
 */
GanAddItem *
gan_add_item_new (GanRegistry *registry, const char *link)
{
  GanAddItem *self = NULL;

  g_return_val_if_fail (GAN_IS_REGISTRY (registry), NULL);
  g_return_val_if_fail (link != NULL, NULL);

  self = g_object_new (GAN_TYPE_ADD_ITEM, NULL);
  self->registry = g_object_ref (registry);
  self->link = g_strdup (link);
  self->url = gan_url_parse_input (link, &self->error);
  if (self->url == NULL)
    {
      g_clear_error (&self->error);
      gan_error_set (&self->error, GAN_ERROR_UNSUPPORTED_URL, "url", "not a link");
      self->state = GAN_ADD_FAILED;
    }
  else
    self->match = gan_registry_match (registry, self->url, NULL);
  return self;
}

static gboolean
check_part (GanMedia *media, GError **error)
{
  g_autoptr (GanChoice) choice = gan_choice_new_best ();
  g_autoptr (GanFormat) format = gan_choice_select (choice, media, error);

  return format != NULL;
}

/* A post without media, and media that nothing here can fetch, are told now, not by the queue. */
static gboolean
check_media (GanMedia *media, GError **error)
{
  GPtrArray *items = gan_media_get_items (media);

  for (guint i = 0; i < items->len; i++)
    {
      if (check_part (g_ptr_array_index (items, i), NULL))
        return TRUE;
    }
  return check_part (items->len > 0 ? g_ptr_array_index (items, 0) : media, error);
}

static void
resolved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanAddItem) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GanMedia) media = gan_registry_resolve_finish (GAN_REGISTRY (source), result, &error);

  if (self->cancellable == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;
  g_clear_object (&self->cancellable);
  if (media != NULL && check_media (media, &error))
    {
      self->media = g_steal_pointer (&media);
      set_state (self, GAN_ADD_READY);
      return;
    }
  self->error = g_steal_pointer (&error);
  set_state (self, GAN_ADD_FAILED);
}

/**
 * gan_add_item_resolve:
 * @self: a link that waits
 *
 * Asks the site what the link leads to.
 */
void
gan_add_item_resolve (GanAddItem *self)
{
  g_return_if_fail (GAN_IS_ADD_ITEM (self));
  g_return_if_fail (self->state == GAN_ADD_WAITING);

  self->cancellable = g_cancellable_new ();
  gan_registry_resolve_async (self->registry,
                              self->url,
                              self->cancellable,
                              resolved_cb,
                              g_object_ref (self));
  set_state (self, GAN_ADD_RESOLVING);
}

/**
 * gan_add_item_can_retry:
 * @self: a link
 *
 * Returns: whether it failed and asking again could help
 */
gboolean
gan_add_item_can_retry (GanAddItem *self)
{
  g_return_val_if_fail (GAN_IS_ADD_ITEM (self), FALSE);

  return self->state == GAN_ADD_FAILED && self->url != NULL;
}

/**
 * gan_add_item_retry:
 * @self: a link
 *
 * Lets a link that failed wait once more; what is no link stays as it is.
 */
void
gan_add_item_retry (GanAddItem *self)
{
  g_return_if_fail (GAN_IS_ADD_ITEM (self));

  if (!gan_add_item_can_retry (self))
    return;
  g_clear_error (&self->error);
  set_state (self, GAN_ADD_WAITING);
}

/**
 * gan_add_item_cancel:
 * @self: a link
 *
 * Asks no longer. The link does not change any more.
 */
void
gan_add_item_cancel (GanAddItem *self)
{
  g_return_if_fail (GAN_IS_ADD_ITEM (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/**
 * gan_add_item_get_link:
 * @self: a link
 *
 * Returns: (transfer none): its text
 */
const char *
gan_add_item_get_link (GanAddItem *self)
{
  g_return_val_if_fail (GAN_IS_ADD_ITEM (self), NULL);

  return self->link;
}

/**
 * gan_add_item_get_state:
 * @self: a link
 *
 * Returns: how far it is
 */
GanAddState
gan_add_item_get_state (GanAddItem *self)
{
  g_return_val_if_fail (GAN_IS_ADD_ITEM (self), GAN_ADD_FAILED);

  return self->state;
}

/**
 * gan_add_item_get_media:
 * @self: a link
 *
 * Returns: (transfer none) (nullable): what it leads to, once that is known
 */
GanMedia *
gan_add_item_get_media (GanAddItem *self)
{
  g_return_val_if_fail (GAN_IS_ADD_ITEM (self), NULL);

  return self->media;
}

/**
 * gan_add_item_get_error:
 * @self: a link
 *
 * Returns: (transfer none) (nullable): why it failed
 */
const GError *
gan_add_item_get_error (GanAddItem *self)
{
  g_return_val_if_fail (GAN_IS_ADD_ITEM (self), NULL);

  return self->error;
}

/**
 * gan_add_item_get_kind:
 * @self: a link
 *
 * Returns: (transfer none) (nullable): a kind of contracts.md §1, as far as it is known
 */
const char *
gan_add_item_get_kind (GanAddItem *self)
{
  g_return_val_if_fail (GAN_IS_ADD_ITEM (self), NULL);

  if (self->media != NULL)
    return gan_media_get_content_type (self->media);
  return self->match != NULL ? gan_kind_to_string (gan_match_get_kind (self->match)) : NULL;
}

/**
 * gan_add_item_get_title:
 * @self: a link
 *
 * Returns: (transfer none): its title, or the link itself; foreign text
 */
const char *
gan_add_item_get_title (GanAddItem *self)
{
  const char *title = NULL;

  g_return_val_if_fail (GAN_IS_ADD_ITEM (self), NULL);

  if (self->media != NULL)
    title = gan_media_get_title (self->media);
  return title != NULL && *title != '\0' ? title : self->link;
}

static const char *
get_platform (GanAddItem *self)
{
  if (self->media != NULL && gan_media_get_platform (self->media) != NULL)
    return gan_media_get_platform (self->media);
  return self->match != NULL ? gan_match_get_platform (self->match) : NULL;
}

static const char *
get_platform_id (GanAddItem *self)
{
  if (self->media != NULL && gan_media_get_platform_id (self->media) != NULL)
    return gan_media_get_platform_id (self->media);
  return self->match != NULL ? gan_match_get_id (self->match) : NULL;
}

/**
 * gan_add_item_get_site:
 * @self: a link
 *
 * Returns: (transfer none): the name of the site; the host of an address that no site claims; NULL
 *   where it is no link
 */
const char *
gan_add_item_get_site (GanAddItem *self)
{
  const char *platform = NULL;
  GanRules *rules = NULL;

  g_return_val_if_fail (GAN_IS_ADD_ITEM (self), NULL);

  platform = get_platform (self);
  if (platform != NULL && !g_str_equal (platform, "generic"))
    rules = gan_registry_get_rules (self->registry, platform);
  if (rules != NULL)
    return gan_rules_get_name (rules);
  return self->url != NULL ? gan_url_get_host (self->url) : NULL;
}

/**
 * gan_add_item_get_n_files:
 * @self: a link
 *
 * Returns: how many files it comes to, 0 while that is not known
 */
guint
gan_add_item_get_n_files (GanAddItem *self)
{
  GPtrArray *items = NULL;

  g_return_val_if_fail (GAN_IS_ADD_ITEM (self), 0);

  if (self->media == NULL)
    return 0;
  items = gan_media_get_items (self->media);
  return MAX (items->len, 1);
}

static gboolean
is_same (GanAddItem *self, GanJobRow *row)
{
  const char *platform = get_platform (self);
  const char *id = get_platform_id (self);

  if (g_strcmp0 (gan_job_row_get_url (row), self->link) == 0)
    return TRUE;
  return id != NULL && g_strcmp0 (platform, "generic") != 0
         && g_strcmp0 (gan_job_row_get_platform (row), platform) == 0
         && g_strcmp0 (gan_job_row_get_platform_id (row), id) == 0;
}

/**
 * gan_add_item_is_queued:
 * @self: a link
 * @queue: a model of #GanJob
 *
 * Returns: whether the same thing is in the queue already
 */
gboolean
gan_add_item_is_queued (GanAddItem *self, GListModel *queue)
{
  g_return_val_if_fail (GAN_IS_ADD_ITEM (self), FALSE);
  g_return_val_if_fail (G_IS_LIST_MODEL (queue), FALSE);

  for (guint i = 0; i < g_list_model_get_n_items (queue); i++)
    {
      g_autoptr (GanJob) job = g_list_model_get_item (queue, i);

      if (is_same (self, gan_job_get_row (job)))
        return TRUE;
    }
  return FALSE;
}

/**
 * gan_add_item_make_row:
 * @self: a link that did not fail
 * @folder: where its files go
 * @wish: which quality
 *
 * Returns: (transfer full): a row for the queue with all that is known
 */
GanJobRow *
gan_add_item_make_row (GanAddItem *self, const char *folder, const char *wish)
{
  GanJobRow *row = NULL;

  g_return_val_if_fail (GAN_IS_ADD_ITEM (self), NULL);

  row = gan_job_row_new (self->link);
  gan_job_row_set_folder (row, folder);
  gan_job_row_set_wish (row, wish);
  gan_job_row_set_platform (row, get_platform (self));
  gan_job_row_set_platform_id (row, get_platform_id (self));
  if (self->media == NULL)
    return row;
  gan_job_row_set_title (row, gan_media_get_title (self->media));
  gan_job_row_set_creator (row, gan_media_get_creator (self->media));
  gan_job_row_set_thumbnail_url (row, gan_media_get_thumbnail_url (self->media));
  gan_job_row_set_duration (row, gan_media_get_duration (self->media));
  return row;
}
