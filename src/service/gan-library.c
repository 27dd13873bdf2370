/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-library.h"

#include "gan-library-private.h"

/* As much as a window shows several times over, and done in a few milliseconds. */
#define PAGE_ROWS 200

enum
{
  PROP_SEARCH = 1,
  PROP_PLATFORM,
  PROP_CONTENT_TYPE,
  PROP_LOADING,
  N_PROPS,
};

enum
{
  FAILED,
  N_SIGNALS,
};

struct _GanLibrary
{
  GObject parent_instance;

  GanStore *store;
  GPtrArray *rows;  /* of GanLibraryRow, newest first */
  GPtrArray *fresh; /* what a walk has found so far, NULL while none is made */
  char *search;
  char *platform;
  char *content_type;
  GCancellable *load;     /* of what is under way, NULL for nothing */
  gboolean is_first_page; /* the next page takes the place of the rows */
  gboolean wants_refresh; /* after what is under way */
  gint64 change_count;    /* of the store, when it was last asked for */
};

static void gan_library_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GanLibrary,
                               gan_library,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      gan_library_list_model_init))

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static GType
gan_library_get_item_type (GListModel *model)
{
  return GAN_TYPE_LIBRARY_ROW;
}

static guint
gan_library_get_n_items (GListModel *model)
{
  return GAN_LIBRARY (model)->rows->len;
}

static gpointer
gan_library_get_item (GListModel *model, guint position)
{
  GanLibrary *self = GAN_LIBRARY (model);

  return position < self->rows->len ? g_object_ref (self->rows->pdata[position]) : NULL;
}

static void
gan_library_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = gan_library_get_item_type;
  iface->get_n_items = gan_library_get_n_items;
  iface->get_item = gan_library_get_item;
}

/* The order of the list: newest first, of one second the last added first. */
static int
compare (GanLibraryRow *a, GanLibraryRow *b)
{
  gint64 time_a = gan_library_row_get_finished_at (a);
  gint64 time_b = gan_library_row_get_finished_at (b);
  gint64 id_a = gan_library_row_get_id (a);
  gint64 id_b = gan_library_row_get_id (b);

  if (time_a != time_b)
    return time_a > time_b ? -1 : 1;
  return (id_a < id_b) - (id_a > id_b);
}

/* Where @row stands, or would stand. */
static guint
find_position (GanLibrary *self, GanLibraryRow *row, gboolean *is_there)
{
  guint low = 0;
  guint high = self->rows->len;

  *is_there = FALSE;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      int order = compare (row, self->rows->pdata[middle]);

      if (order == 0)
        {
          *is_there = TRUE;
          return middle;
        }
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

/* Everything of @page behind the rows that are there. */
static void
append (GanLibrary *self, GPtrArray *page)
{
  guint before = self->rows->len;

  for (guint i = 0; i < page->len; i++)
    g_ptr_array_add (self->rows, g_object_ref (page->pdata[i]));
  if (page->len > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, page->len);
}

static void
replace (GanLibrary *self, GPtrArray *page)
{
  guint before = self->rows->len;

  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < page->len; i++)
    g_ptr_array_add (self->rows, g_object_ref (page->pdata[i]));
  if (before > 0 || page->len > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, before, page->len);
}

/* Tells of one change for each run of rows that came or went together. */
static void
adopt (GanLibrary *self, GPtrArray *fresh)
{
  guint at = 0;

  while (at < self->rows->len || at < fresh->len)
    {
      guint n_gone = 0;
      guint n_new = 0;

      /* Both lists are in order: the one whose next row comes first has what the other lacks. */
      for (;;)
        {
          gpointer old = at + n_gone < self->rows->len ? self->rows->pdata[at + n_gone] : NULL;
          gpointer new = at + n_new < fresh->len ? fresh->pdata[at + n_new] : NULL;
          int order = old == NULL ? 1 : new == NULL ? -1 : compare (old, new);

          if (order == 0 || (old == NULL && new == NULL))
            break;
          n_gone += order < 0;
          n_new += order > 0;
        }
      if (n_gone > 0)
        g_ptr_array_remove_range (self->rows, at, n_gone);
      for (guint i = 0; i < n_new; i++)
        g_ptr_array_insert (self->rows, (int) (at + i), g_object_ref (fresh->pdata[at + i]));
      if (n_gone > 0 || n_new > 0)
        g_list_model_items_changed (G_LIST_MODEL (self), at, n_gone, n_new);
      at += n_new > 0 ? n_new : n_gone > 0 ? 0 : 1;
    }
}

static void
notify_loading (GanLibrary *self, gboolean was_loading)
{
  if (was_loading != gan_library_is_loading (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

/* A question to the store that may come back when nobody wants the answer any more. */
typedef struct
{
  GWeakRef library;
  GCancellable *load;
} Question;

static Question *
question_new (GanLibrary *self)
{
  Question *question = g_new0 (Question, 1);

  g_weak_ref_init (&question->library, self);
  question->load = g_object_ref (self->load);
  return question;
}

/* Frees the question; the library if it still waits for the answer. */
static GanLibrary *
question_end (Question *question)
{
  GanLibrary *self = g_weak_ref_get (&question->library);
  gboolean is_wanted = self != NULL && self->load == question->load;

  g_weak_ref_clear (&question->library);
  g_object_unref (question->load);
  g_free (question);
  if (!is_wanted)
    g_clear_object (&self);
  return self;
}

static GanLibraryFilter
make_filter (GanLibrary *self)
{
  return (GanLibraryFilter){
    .text = self->search,
    .platform = self->platform,
    .content_type = self->content_type,
  };
}

static void
cancel (GanLibrary *self)
{
  if (self->load != NULL)
    g_cancellable_cancel (self->load);
  g_clear_object (&self->load);
  g_clear_pointer (&self->fresh, g_ptr_array_unref);
  self->is_first_page = FALSE;
}

/* What was under way has ended. */
static void
end_load (GanLibrary *self, GError *error)
{
  g_clear_object (&self->load);
  g_clear_pointer (&self->fresh, g_ptr_array_unref);
  self->is_first_page = FALSE;
  if (error != NULL)
    g_signal_emit (self, signals[FAILED], 0, error);
  if (self->wants_refresh && self->load == NULL)
    gan_library_refresh (self);
  notify_loading (self, TRUE);
}

static void page_cb (GObject *source, GAsyncResult *result, gpointer user_data);

/* The page behind @last, or the first one. */
static void
ask_page (GanLibrary *self, GanLibraryRow *last)
{
  GanLibraryFilter filter = make_filter (self);

  filter.limit = PAGE_ROWS;
  filter.before = last;
  gan_store_find_files_async (self->store, &filter, self->load, page_cb, question_new (self));
}

static gpointer
ref_row (gconstpointer row, gpointer data)
{
  return g_object_ref ((gpointer) row);
}

static void
take_page (GanLibrary *self, GPtrArray *page)
{
  if (self->fresh != NULL)
    g_ptr_array_extend (self->fresh, page, ref_row, NULL);
  else if (self->is_first_page)
    replace (self, page);
  else
    append (self, page);
  self->is_first_page = FALSE;
}

static void
page_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanLibrary) self = question_end (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) page = gan_store_find_files_finish (GAN_STORE (source), result, &error);
  GCancellable *load = NULL;

  if (self == NULL)
    return;
  if (page == NULL)
    {
      end_load (self, error);
      return;
    }
  /* Who hears of new rows may ask for others. */
  load = self->load;
  take_page (self, page);
  if (self->load != load)
    return;
  if (page->len == PAGE_ROWS)
    {
      ask_page (self, page->pdata[page->len - 1]);
      return;
    }
  if (self->fresh != NULL)
    {
      g_autoptr (GPtrArray) fresh = g_steal_pointer (&self->fresh);

      adopt (self, fresh);
    }
  if (self->load == load)
    end_load (self, NULL);
}

/* From the start, with what is to be shown now. */
static void
load_anew (GanLibrary *self)
{
  gboolean was_loading = gan_library_is_loading (self);

  cancel (self);
  self->load = g_cancellable_new ();
  self->is_first_page = TRUE;
  self->wants_refresh = FALSE;
  ask_page (self, NULL);
  notify_loading (self, was_loading);
}

/* Beside the rows that are shown, to find what has gone. */
static void
walk (GanLibrary *self)
{
  self->fresh = g_ptr_array_new_with_free_func (g_object_unref);
  ask_page (self, NULL);
}

static void
count_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanLibrary) self = question_end (user_data);
  g_autoptr (GError) error = NULL;
  gint64 count = gan_store_count_files_finish (GAN_STORE (source), result, &error);

  if (self == NULL)
    return;
  if (error == NULL && count != self->rows->len)
    walk (self);
  else
    end_load (self, error);
}

static void
newer_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GanLibrary) self = question_end (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) newer = gan_store_find_files_finish (GAN_STORE (source), result, &error);
  GanLibraryFilter filter = { NULL };
  GCancellable *load = NULL;

  if (self == NULL)
    return;
  if (newer == NULL)
    {
      end_load (self, error);
      return;
    }
  load = self->load;
  for (guint i = newer->len; i > 0 && self->load == load; i--)
    {
      gboolean is_there = FALSE;
      guint position = find_position (self, newer->pdata[i - 1], &is_there);

      if (is_there)
        continue;
      g_ptr_array_insert (self->rows, (int) position, g_object_ref (newer->pdata[i - 1]));
      g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
    }
  if (self->load != load)
    return;
  filter = make_filter (self);
  gan_store_count_files_async (self->store, &filter, self->load, count_cb, question_new (self));
}

/**
 * gan_library_refresh:
 * @self: a library
 *
 * Follows what others have done: asks for what is newer than the newest row, and for the number of
 * all. Only where the number is another one are all rows read again, page by page, and only those
 * that differ are changed in the list.
 */
void
gan_library_refresh (GanLibrary *self)
{
  GanLibraryFilter filter = { NULL };

  g_return_if_fail (GAN_IS_LIBRARY (self));

  if (self->load != NULL)
    {
      self->wants_refresh = TRUE;
      return;
    }
  if (self->rows->len == 0)
    {
      load_anew (self);
      return;
    }
  self->wants_refresh = FALSE;
  self->load = g_cancellable_new ();
  filter = make_filter (self);
  filter.since = gan_library_row_get_finished_at (self->rows->pdata[0]);
  gan_store_find_files_async (self->store, &filter, self->load, newer_cb, question_new (self));
  notify_loading (self, FALSE);
}

static void
changes_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GWeakRef *library = user_data;
  g_autoptr (GanLibrary) self = g_weak_ref_get (library);
  gint64 count = gan_store_get_change_count_finish (GAN_STORE (source), result, NULL);

  g_weak_ref_clear (library);
  g_free (library);
  if (self == NULL || count == 0 || count == self->change_count)
    return;
  self->change_count = count;
  gan_library_refresh (self);
}

/**
 * gan_library_follow:
 * @self: a library
 *
 * To be called when another process may have changed something: refreshes if one has changed the
 * database since the last call. What this process does itself is not seen by it.
 */
void
gan_library_follow (GanLibrary *self)
{
  GWeakRef *library = NULL;

  g_return_if_fail (GAN_IS_LIBRARY (self));

  library = g_new0 (GWeakRef, 1);
  g_weak_ref_init (library, self);
  gan_store_get_change_count_async (self->store, NULL, changes_cb, library);
}

static void
gan_library_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GanLibrary *self = GAN_LIBRARY (object);

  switch (id)
    {
    case PROP_SEARCH:
      g_value_set_string (value, self->search);
      break;
    case PROP_PLATFORM:
      g_value_set_string (value, self->platform);
      break;
    case PROP_CONTENT_TYPE:
      g_value_set_string (value, self->content_type);
      break;
    case PROP_LOADING:
      g_value_set_boolean (value, gan_library_is_loading (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
gan_library_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GanLibrary *self = GAN_LIBRARY (object);

  switch (id)
    {
    case PROP_SEARCH:
      gan_library_set_search (self, g_value_get_string (value));
      break;
    case PROP_PLATFORM:
      gan_library_set_platform (self, g_value_get_string (value));
      break;
    case PROP_CONTENT_TYPE:
      gan_library_set_content_type (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
    }
}

static void
gan_library_dispose (GObject *object)
{
  cancel (GAN_LIBRARY (object));
  G_OBJECT_CLASS (gan_library_parent_class)->dispose (object);
}

static void
gan_library_finalize (GObject *object)
{
  GanLibrary *self = GAN_LIBRARY (object);

  g_clear_object (&self->store);
  g_ptr_array_unref (self->rows);
  g_free (self->search);
  g_free (self->platform);
  g_free (self->content_type);
  G_OBJECT_CLASS (gan_library_parent_class)->finalize (object);
}

static void
gan_library_class_init (GanLibraryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = gan_library_get_property;
  object_class->set_property = gan_library_set_property;
  object_class->dispose = gan_library_dispose;
  object_class->finalize = gan_library_finalize;
  properties[PROP_SEARCH] = g_param_spec_string ("search", NULL, NULL, NULL, flags);
  properties[PROP_PLATFORM] = g_param_spec_string ("platform", NULL, NULL, NULL, flags);
  properties[PROP_CONTENT_TYPE] = g_param_spec_string ("content-type", NULL, NULL, NULL, flags);
  properties[PROP_LOADING] = g_param_spec_boolean ("loading",
                                                   NULL,
                                                   NULL,
                                                   FALSE,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[FAILED] = g_signal_new ("failed",
                                  G_TYPE_FROM_CLASS (klass),
                                  G_SIGNAL_RUN_LAST,
                                  0,
                                  NULL,
                                  NULL,
                                  NULL,
                                  G_TYPE_NONE,
                                  1,
                                  G_TYPE_ERROR);
}

static void
gan_library_init (GanLibrary *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * gan_library_new:
 * @app: a running program's parts, with a data folder
 *
 * Returns: (transfer full): the library; its first rows are there a moment later
 */
GanLibrary *
gan_library_new (GanApp *app)
{
  GanLibrary *self = NULL;

  g_return_val_if_fail (app != NULL && gan_app_get_store (app) != NULL, NULL);

  self = g_object_new (GAN_TYPE_LIBRARY, NULL);
  self->store = g_object_ref (gan_app_get_store (app));
  load_anew (self);
  return self;
}

static void
narrow (GanLibrary *self, char **field, const char *value, guint property)
{
  if (value != NULL && *value == '\0')
    value = NULL;
  if (g_strcmp0 (*field, value) == 0)
    return;
  g_free (*field);
  *field = g_strdup (value);
  load_anew (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/**
 * gan_library_set_search:
 * @self: a library
 * @text: (nullable): words to look for, %NULL or "" for all
 *
 * The rows stay until the first ones that match are found. A search that is still under way is
 * given up, so this can be called for every key that is pressed.
 */
void
gan_library_set_search (GanLibrary *self, const char *text)
{
  g_return_if_fail (GAN_IS_LIBRARY (self));

  narrow (self, &self->search, text, PROP_SEARCH);
}

/**
 * gan_library_set_platform:
 * @self: a library
 * @platform: (nullable): id of the one site to show, %NULL for all
 */
void
gan_library_set_platform (GanLibrary *self, const char *platform)
{
  g_return_if_fail (GAN_IS_LIBRARY (self));

  narrow (self, &self->platform, platform, PROP_PLATFORM);
}

/**
 * gan_library_set_content_type:
 * @self: a library
 * @content_type: (nullable): the one kind to show, %NULL for all
 */
void
gan_library_set_content_type (GanLibrary *self, const char *content_type)
{
  g_return_if_fail (GAN_IS_LIBRARY (self));

  narrow (self, &self->content_type, content_type, PROP_CONTENT_TYPE);
}

/**
 * gan_library_is_loading:
 * @self: a library
 *
 * Returns: whether rows are still to come
 */
gboolean
gan_library_is_loading (GanLibrary *self)
{
  g_return_val_if_fail (GAN_IS_LIBRARY (self), FALSE);

  return self->load != NULL;
}

/**
 * gan_library_get_store:
 * @self: a library
 *
 * Returns: (transfer none): where its rows come from
 */
GanStore *
gan_library_get_store (GanLibrary *self)
{
  return self->store;
}

/**
 * gan_library_take_away:
 * @self: a library
 * @rows: (element-type GanLibraryRow): rows that the store has no longer
 *
 * Takes them out of the list.
 */
void
gan_library_take_away (GanLibrary *self, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    {
      gboolean is_there = FALSE;
      guint position = find_position (self, rows->pdata[i], &is_there);

      if (!is_there)
        continue;
      g_ptr_array_remove_index (self->rows, position);
      g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
    }
  /* A walk that is under way may have met them before. */
  if (self->load != NULL)
    self->wants_refresh = TRUE;
}
