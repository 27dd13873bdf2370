/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-add-list.h"

#include "gan-limits.h"

#define MAX_AT_ONCE 4

struct _GanAddList
{
  GObject parent_instance;

  GanRegistry *registry;
  GPtrArray *items;
  guint counts[GAN_ADD_N_STATES];
  guint next; /* nothing before it waits */
  gboolean cancelled;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void gan_add_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (GanAddList,
                               gan_add_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, gan_add_list_model_init))

static GType
gan_add_list_get_item_type (GListModel *model)
{
  return GAN_TYPE_ADD_ITEM;
}

static guint
gan_add_list_get_n_items (GListModel *model)
{
  return GAN_ADD_LIST (model)->items->len;
}

static gpointer
gan_add_list_dup_item (GListModel *model, guint position)
{
  GanAddList *self = GAN_ADD_LIST (model);

  return position < self->items->len ? g_object_ref (g_ptr_array_index (self->items, position))
                                     : NULL;
}

static void
gan_add_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = gan_add_list_get_item_type;
  iface->get_n_items = gan_add_list_get_n_items;
  iface->get_item = gan_add_list_dup_item;
}

/* Each start changes a state, which comes back here: the loop below does nothing then. */
static void
advance (GanAddList *self)
{
  while (!self->cancelled && self->counts[GAN_ADD_RESOLVING] < MAX_AT_ONCE
         && self->next < self->items->len)
    {
      GanAddItem *item = g_ptr_array_index (self->items, self->next++);

      if (gan_add_item_get_state (item) == GAN_ADD_WAITING)
        gan_add_item_resolve (item);
    }
}

static void
item_changed_cb (GanAddItem *item, guint before, GanAddList *self)
{
  guint position = 0;

  self->counts[before]--;
  self->counts[gan_add_item_get_state (item)]++;
  if (gan_add_item_get_state (item) == GAN_ADD_WAITING
      && g_ptr_array_find (self->items, item, &position))
    self->next = MIN (self->next, position);
  if (gan_add_item_get_state (item) != GAN_ADD_RESOLVING)
    advance (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
adopt (GanAddList *self, GanAddItem *item)
{
  self->counts[gan_add_item_get_state (item)]++;
  g_signal_connect (item, "changed", G_CALLBACK (item_changed_cb), self);
}

static void
abandon (GanAddList *self, GanAddItem *item)
{
  self->counts[gan_add_item_get_state (item)]--;
  g_signal_handlers_disconnect_by_func (item, item_changed_cb, self);
  gan_add_item_cancel (item);
}

static void
abandon_all (GanAddList *self)
{
  for (guint i = 0; i < self->items->len; i++)
    abandon (self, g_ptr_array_index (self->items, i));
  g_ptr_array_set_size (self->items, 0);
}

static void
gan_add_list_dispose (GObject *object)
{
  GanAddList *self = GAN_ADD_LIST (object);

  self->cancelled = TRUE;
  abandon_all (self);
  g_clear_object (&self->registry);
  G_OBJECT_CLASS (gan_add_list_parent_class)->dispose (object);
}

static void
gan_add_list_finalize (GObject *object)
{
  g_ptr_array_unref (GAN_ADD_LIST (object)->items);
  G_OBJECT_CLASS (gan_add_list_parent_class)->finalize (object);
}

static void
gan_add_list_class_init (GanAddListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = gan_add_list_dispose;
  object_class->finalize = gan_add_list_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed",
                                          GAN_TYPE_ADD_LIST,
                                          G_SIGNAL_RUN_LAST,
                                          0,
                                          NULL,
                                          NULL,
                                          NULL,
                                          G_TYPE_NONE,
                                          0);
}

static void
gan_add_list_init (GanAddList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * gan_add_list_new:
 * @registry: whose sites are asked
 *
 * Returns: (transfer full): no links yet
 */
GanAddList *
gan_add_list_new (GanRegistry *registry)
{
  GanAddList *self = NULL;

  g_return_val_if_fail (GAN_IS_REGISTRY (registry), NULL);

  self = g_object_new (GAN_TYPE_ADD_LIST, NULL);
  self->registry = g_object_ref (registry);
  return self;
}

static GHashTable *
index_by_link (GPtrArray *items)
{
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < items->len; i++)
    {
      GanAddItem *item = g_ptr_array_index (items, i);

      g_hash_table_insert (index, (char *) gan_add_item_get_link (item), item);
    }
  return index;
}

/* items: where they go. Each link once. */
static void
collect (GanAddList *self, const char *const *links, GHashTable *known, GPtrArray *items)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; links[i] != NULL && items->len < GAN_LIMIT_INPUT_URLS; i++)
    {
      GanAddItem *item = g_hash_table_lookup (known, links[i]);

      if (!g_hash_table_add (seen, (char *) links[i]))
        continue;
      g_ptr_array_add (items,
                       item != NULL ? g_object_ref (item)
                                    : gan_add_item_new (self->registry, links[i]));
    }
}

/* Says only what lies between a beginning and an end that stay: lists keep their place then. */
static void
replace_items (GanAddList *self, GPtrArray *items)
{
  g_autoptr (GPtrArray) before = self->items;
  guint shorter = MIN (before->len, items->len);
  guint start = 0;
  guint end = 0;

  while (start < shorter && g_ptr_array_index (before, start) == g_ptr_array_index (items, start))
    start++;
  while (end < shorter - start
         && g_ptr_array_index (before, before->len - 1 - end)
                == g_ptr_array_index (items, items->len - 1 - end))
    end++;
  self->items = g_ptr_array_ref (items);
  self->next = 0;
  if (before->len - start - end > 0 || items->len - start - end > 0)
    g_list_model_items_changed (G_LIST_MODEL (self),
                                start,
                                before->len - start - end,
                                items->len - start - end);
}

/**
 * gan_add_list_set_links:
 * @self: a list
 * @links: (array zero-terminated=1): what people call links
 *
 * Makes these the links, each once, and begins to ask for those that are new. Those that are no
 * longer among them are cancelled.
 */
void
gan_add_list_set_links (GanAddList *self, const char *const *links)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) known = NULL;
  g_autoptr (GHashTable) kept = NULL;

  g_return_if_fail (GAN_IS_ADD_LIST (self));
  g_return_if_fail (links != NULL);

  known = index_by_link (self->items);
  collect (self, links, known, items);
  kept = index_by_link (items);
  for (guint i = 0; i < self->items->len; i++)
    {
      GanAddItem *item = g_ptr_array_index (self->items, i);

      if (!g_hash_table_contains (kept, gan_add_item_get_link (item)))
        abandon (self, item);
    }
  for (guint i = 0; i < items->len; i++)
    {
      GanAddItem *item = g_ptr_array_index (items, i);

      if (!g_hash_table_contains (known, gan_add_item_get_link (item)))
        adopt (self, item);
    }
  replace_items (self, items);
  advance (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * gan_add_list_remove:
 * @self: a list
 * @item: one of its links
 *
 * Takes a link off the list.
 */
void
gan_add_list_remove (GanAddList *self, GanAddItem *item)
{
  guint position = 0;

  g_return_if_fail (GAN_IS_ADD_LIST (self));

  if (!g_ptr_array_find (self->items, item, &position))
    return;
  abandon (self, item);
  g_ptr_array_remove_index (self->items, position);
  if (position < self->next)
    self->next--;
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  advance (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * gan_add_list_cancel:
 * @self: a list
 *
 * Asks for nothing any more. The links stay as they are.
 */
void
gan_add_list_cancel (GanAddList *self)
{
  g_return_if_fail (GAN_IS_ADD_LIST (self));

  self->cancelled = TRUE;
  for (guint i = 0; i < self->items->len; i++)
    gan_add_item_cancel (g_ptr_array_index (self->items, i));
}

/**
 * gan_add_list_get_n:
 * @self: a list
 *
 * Returns: how many links there are
 */
guint
gan_add_list_get_n (GanAddList *self)
{
  g_return_val_if_fail (GAN_IS_ADD_LIST (self), 0);

  return self->items->len;
}

/**
 * gan_add_list_count:
 * @self: a list
 * @state: a state
 *
 * Returns: how many links are in that state
 */
guint
gan_add_list_count (GanAddList *self, GanAddState state)
{
  g_return_val_if_fail (GAN_IS_ADD_LIST (self), 0);
  g_return_val_if_fail ((guint) state < GAN_ADD_N_STATES, 0);

  return self->counts[state];
}

/**
 * gan_add_list_count_usable:
 * @self: a list
 *
 * Returns: how many links can be put into the queue
 */
guint
gan_add_list_count_usable (GanAddList *self)
{
  g_return_val_if_fail (GAN_IS_ADD_LIST (self), 0);

  return self->items->len - self->counts[GAN_ADD_FAILED];
}

/**
 * gan_add_list_get_item:
 * @self: a list
 * @position: less than gan_add_list_get_n()
 *
 * Returns: (transfer none): a link
 */
GanAddItem *
gan_add_list_get_item (GanAddList *self, guint position)
{
  g_return_val_if_fail (GAN_IS_ADD_LIST (self), NULL);
  g_return_val_if_fail (position < self->items->len, NULL);

  return g_ptr_array_index (self->items, position);
}
