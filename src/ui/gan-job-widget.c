/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-job-widget.h"

#include "gan-clock.h"
#include "gan-row-name.h"
#include "gan-thumbnail.h"

#include <glib/gi18n.h>

#define WIDE_THUMBNAIL 112
#define NARROW_THUMBNAIL 64

struct _GanJobWidget
{
  GtkWidget parent_instance;

  GanThumbnail *thumbnail;
  GtkLabel *title;
  GtkLabel *origin;
  GtkProgressBar *progress;
  GtkImage *sign;
  GtkLabel *status;
  GtkLabel *advice;
  GtkButton *first;
  GtkButton *second;

  gpointer item; /* GanJob or GanFinished */
  gulong notified;
  GanThumbnails *thumbnails;
  GanJobRow *row; /* what is shown */
  GanJobNumbers numbers;
  gboolean narrow;
  guint countdown; /* runs only while a job waits for its next try and the row is to be seen */
};

/* What a button does. A long queue has hundreds of rows at hand, so there are two buttons a row,
 * not one for each thing that some row offers. */
typedef struct
{
  const char *icon; /* NULL: the words instead */
  const char *words;
  const char *action; /* takes the id of the job */
} Offer;

static const Offer offer_pause = { "media-playback-pause-symbolic", N_ ("Pause"), "app.job-pause" };
static const Offer offer_resume
    = { "media-playback-start-symbolic", N_ ("Resume"), "app.job-resume" };
static const Offer offer_retry = { "view-refresh-symbolic", N_ ("Try Again"), "app.job-retry" };
static const Offer offer_cancel = { "window-close-symbolic", N_ ("Cancel"), "downloads.dismiss" };
static const Offer offer_remove
    = { "user-trash-symbolic", N_ ("Remove From List"), "downloads.dismiss" };
static const Offer offer_open = { NULL, N_ ("Open"), "app.job-open" };
static const Offer offer_folder = { "folder-symbolic", N_ ("Show in Folder"), "downloads.folder" };

/* How a row of a state looks. */
typedef struct
{
  const char *state;
  const Offer *first; /* or NULL */
  const Offer *second;
  gboolean progress;
  const char *icon;  /* before the status, or NULL */
  const char *style; /* of the status, or NULL for a dim one */
} Look;

static const Look looks[] = {
  { GAN_JOB_WAITING, &offer_pause, &offer_cancel, FALSE, NULL, NULL },
  { GAN_JOB_RESOLVING, &offer_pause, &offer_cancel, FALSE, NULL, NULL },
  { GAN_JOB_RUNNING, &offer_pause, &offer_cancel, TRUE, NULL, NULL },
  { GAN_JOB_VERIFYING, NULL, &offer_cancel, TRUE, NULL, NULL },
  { GAN_JOB_RETRYING, &offer_retry, &offer_cancel, TRUE, "dialog-warning-symbolic", "warning" },
  { GAN_JOB_PAUSED, &offer_resume, &offer_cancel, TRUE, NULL, NULL },
  { GAN_JOB_FAILED, &offer_retry, &offer_remove, FALSE, "dialog-error-symbolic", "error" },
  { GAN_JOB_CANCELLED, &offer_retry, &offer_remove, FALSE, NULL, NULL },
  { GAN_JOB_DONE, &offer_open, &offer_folder, FALSE, "emblem-ok-symbolic", "success" },
};

G_DEFINE_FINAL_TYPE (GanJobWidget, gan_job_widget, GTK_TYPE_WIDGET)

static const Look *
find_look (const char *state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      if (g_strcmp0 (state, looks[i].state) == 0)
        return &looks[i];
    }
  return &looks[0];
}

static void
set_text (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (label), text) != 0)
    gtk_label_set_text (label, text);
}

static void
show_status (GanJobWidget *self)
{
  gint64 now = gan_clock_get_wall (gan_clock_get_system ());
  g_autofree char *status = gan_job_words_dup_status (self->row, &self->numbers, now);

  set_text (self->status, status);
}

static gboolean
countdown_cb (gpointer user_data)
{
  show_status (user_data);
  return G_SOURCE_CONTINUE;
}

static void
update_countdown (GanJobWidget *self)
{
  gboolean wanted = gtk_widget_get_mapped (GTK_WIDGET (self)) && self->row != NULL
                    && g_strcmp0 (gan_job_row_get_state (self->row), GAN_JOB_RETRYING) == 0;

  if (wanted && self->countdown == 0)
    self->countdown = g_timeout_add_seconds (1, countdown_cb, self);
  else if (!wanted)
    g_clear_handle_id (&self->countdown, g_source_remove);
}

static void
show_progress (GanJobWidget *self, const Look *look)
{
  double fraction = gan_job_words_get_fraction (&self->numbers);

  gtk_widget_set_visible (GTK_WIDGET (self->progress), look->progress);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress, fraction);
  else if (g_str_equal (look->state, GAN_JOB_RUNNING))
    gtk_progress_bar_pulse (self->progress);
  else
    gtk_progress_bar_set_fraction (self->progress, 0);
}

/* The target first: an action with a wrong one is worth a warning to GTK. */
static void
show_offer (GtkButton *button, const Offer *offer, const char *id)
{
  GtkWidget *widget = GTK_WIDGET (button);
  const char *words = NULL;

  gtk_widget_set_visible (widget, offer != NULL);
  if (offer == NULL)
    return;
  words = dgettext (GAN_GETTEXT_DOMAIN, offer->words);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", id != NULL ? id : "");
  if (g_strcmp0 (gtk_widget_get_tooltip_text (widget), words) == 0)
    return;
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), offer->action);
  gtk_widget_set_tooltip_text (widget, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  words,
                                  -1);
  if (offer->icon != NULL)
    gtk_button_set_icon_name (button, offer->icon);
  else
    gtk_button_set_label (button, words);
  if (offer->icon != NULL)
    gtk_widget_add_css_class (widget, "circular");
  else
    gtk_widget_remove_css_class (widget, "circular");
}

static void
show_look (GanJobWidget *self, const Look *look)
{
  const char *const status_classes[]
      = { "caption", "numeric", look->style != NULL ? look->style : "dim-label", NULL };
  const char *const sign_classes[] = { look->style != NULL ? look->style : "dim-label", NULL };

  show_offer (self->first, look->first, gan_job_row_get_id (self->row));
  show_offer (self->second, look->second, gan_job_row_get_id (self->row));
  gtk_widget_set_visible (GTK_WIDGET (self->sign), look->icon != NULL);
  gtk_image_set_from_icon_name (self->sign, look->icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->status), (const char **) status_classes);
  gtk_widget_set_css_classes (GTK_WIDGET (self->sign), (const char **) sign_classes);
  if (g_str_equal (look->state, GAN_JOB_RUNNING))
    gtk_widget_remove_css_class (GTK_WIDGET (self->progress), "resting");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->progress), "resting");
}

/* For the icon where there is no picture: of the wish, or of what the name says. */
static const char *
get_kind (GanJobRow *row)
{
  static const char *const kinds[] = { "video", "audio", "image" };
  const char *name = gan_job_row_get_name (row);
  g_autofree char *type = NULL;

  if (g_strcmp0 (gan_job_row_get_wish (row), "audio") == 0)
    return "audio";
  if (name == NULL)
    name = gan_job_row_get_file (row);
  if (name == NULL)
    return g_strcmp0 (gan_job_row_get_platform (row), "generic") == 0 ? NULL : "video";
  type = g_content_type_guess (name, NULL, 0, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (g_str_has_prefix (type, kinds[i]))
        return kinds[i];
    }
  return NULL;
}

/* What a row says beside its numbers, which change much oftener. */
static void
show_row (GanJobWidget *self)
{
  g_autofree char *title = gan_job_words_dup_title (self->row);
  g_autofree char *origin = gan_job_words_dup_origin (self->row);
  g_autofree char *advice = gan_job_words_dup_advice (self->row);

  set_text (self->title, title);
  gtk_label_set_ellipsize (self->title,
                           gan_job_words_has_name (self->row) ? PANGO_ELLIPSIZE_END
                                                              : PANGO_ELLIPSIZE_MIDDLE);
  gan_row_name_set (GTK_WIDGET (self), title);
  set_text (self->origin, origin);
  gtk_widget_set_visible (GTK_WIDGET (self->origin), *origin != '\0' && !self->narrow);
  set_text (self->advice, advice != NULL ? advice : "");
  gtk_widget_set_visible (GTK_WIDGET (self->advice), advice != NULL);
  show_look (self, find_look (gan_job_row_get_state (self->row)));
  gan_thumbnail_set_url (self->thumbnail,
                         self->thumbnails,
                         gan_job_row_get_thumbnail_url (self->row),
                         get_kind (self->row));
}

/* A tooltip that says what stands there anyway is in the way. */
static gboolean
query_title_cb (GtkLabel *title, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  gtk_tooltip_set_text (tooltip, gtk_label_get_text (title));
  return pango_layout_is_ellipsized (gtk_label_get_layout (title));
}

static void
notified_cb (GanJobWidget *self)
{
  GanJob *job = self->item;
  const GanJobNumbers numbers = {
    .downloaded = gan_job_get_downloaded (job),
    .total = gan_job_get_total (job),
    .speed = gan_job_get_speed (job),
    .eta = gan_job_get_eta (job),
  };

  gan_job_widget_show (self, gan_job_get_row (job), &numbers);
}

static void
let_go (GanJobWidget *self)
{
  if (self->notified != 0)
    g_signal_handler_disconnect (self->item, self->notified);
  self->notified = 0;
  g_clear_object (&self->item);
  g_clear_object (&self->row);
  g_clear_object (&self->thumbnails);
  g_clear_handle_id (&self->countdown, g_source_remove);
}

static void
gan_job_widget_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (gan_job_widget_parent_class)->map (widget);
  update_countdown (GAN_JOB_WIDGET (widget));
}

static void
gan_job_widget_unmap (GtkWidget *widget)
{
  GanJobWidget *self = GAN_JOB_WIDGET (widget);

  g_clear_handle_id (&self->countdown, g_source_remove);
  GTK_WIDGET_CLASS (gan_job_widget_parent_class)->unmap (widget);
}

static void
gan_job_widget_dispose (GObject *object)
{
  GtkWidget *child = NULL;

  let_go (GAN_JOB_WIDGET (object));
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (gan_job_widget_parent_class)->dispose (object);
}

static void
gan_job_widget_class_init (GanJobWidgetClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gan_job_widget_dispose;
  widget_class->map = gan_job_widget_map;
  widget_class->unmap = gan_job_widget_unmap;

  g_type_ensure (GAN_TYPE_THUMBNAIL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               GAN_RESOURCE_PATH "/gan-job-widget.ui");
  gtk_widget_class_bind_template_child (widget_class, GanJobWidget, thumbnail);
  gtk_widget_class_bind_template_child (widget_class, GanJobWidget, title);
  gtk_widget_class_bind_template_child (widget_class, GanJobWidget, origin);
  gtk_widget_class_bind_template_child (widget_class, GanJobWidget, progress);
  gtk_widget_class_bind_template_child (widget_class, GanJobWidget, sign);
  gtk_widget_class_bind_template_child (widget_class, GanJobWidget, status);
  gtk_widget_class_bind_template_child (widget_class, GanJobWidget, advice);
  gtk_widget_class_bind_template_child (widget_class, GanJobWidget, first);
  gtk_widget_class_bind_template_child (widget_class, GanJobWidget, second);
  gtk_widget_class_bind_template_callback (widget_class, query_title_cb);
}

static void
gan_job_widget_init (GanJobWidget *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * gan_job_widget_new:
 *
 * Returns: (transfer floating): a row that shows nothing yet
 */
GtkWidget *
gan_job_widget_new (void)
{
  return g_object_new (GAN_TYPE_JOB_WIDGET, NULL);
}

/**
 * gan_job_widget_show:
 * @self: a row
 * @row: what the job is
 * @numbers: how far it is
 *
 * Shows them until the next call.
 */
void
gan_job_widget_show (GanJobWidget *self, GanJobRow *row, const GanJobNumbers *numbers)
{
  gboolean changed = FALSE;

  g_return_if_fail (GAN_IS_JOB_WIDGET (self));
  g_return_if_fail (GAN_IS_JOB_ROW (row));
  g_return_if_fail (numbers != NULL);

  changed = g_set_object (&self->row, row);
  self->numbers = *numbers;
  if (changed)
    show_row (self);
  show_progress (self, find_look (gan_job_row_get_state (row)));
  show_status (self);
  update_countdown (self);
}

/**
 * gan_job_widget_set_item:
 * @self: a row
 * @item: (nullable) (type GObject): a #GanJob, which is followed, or a #GanFinished
 * @thumbnails: (nullable): where pictures come from
 */
void
gan_job_widget_set_item (GanJobWidget *self, gpointer item, GanThumbnails *thumbnails)
{
  g_return_if_fail (GAN_IS_JOB_WIDGET (self));

  let_go (self);
  g_set_object (&self->thumbnails, thumbnails);
  if (item == NULL)
    {
      gan_thumbnail_set_url (self->thumbnail, NULL, NULL, NULL);
      return;
    }
  self->item = g_object_ref (item);
  if (GAN_IS_FINISHED (item))
    {
      gint64 size = gan_finished_get_size (item);
      const GanJobNumbers numbers = { size, size, GAN_UNKNOWN, GAN_UNKNOWN };

      gan_job_widget_show (self, gan_finished_get_row (item), &numbers);
      return;
    }
  self->notified = g_signal_connect_swapped (item, "notify", G_CALLBACK (notified_cb), self);
  notified_cb (self);
}

/**
 * gan_job_widget_get_item:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): what gan_job_widget_set_item() was given
 */
gpointer
gan_job_widget_get_item (GanJobWidget *self)
{
  g_return_val_if_fail (GAN_IS_JOB_WIDGET (self), NULL);

  return self->item;
}

/**
 * gan_job_widget_set_narrow:
 * @self: a row
 * @narrow: whether there is little room: a small picture, one line less
 */
void
gan_job_widget_set_narrow (GanJobWidget *self, gboolean narrow)
{
  g_return_if_fail (GAN_IS_JOB_WIDGET (self));

  if (self->narrow == narrow)
    return;
  self->narrow = narrow;
  g_object_set (self->thumbnail, "width", narrow ? NARROW_THUMBNAIL : WIDE_THUMBNAIL, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->origin),
                          !narrow && *gtk_label_get_text (self->origin) != '\0');
}
