/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-preferences-window.h"

#include "gan-caption.h"
#include "gan-folder-row.h"
#include "gan-quality.h"

#include <glib/gi18n.h>

#define SHOWN_HOSTS 3
#define KILO 1000.0
#define MEGA 1000000.0
#define FIRST_LIMIT 1000000 /* bytes a second, when somebody turns the limit on */

struct _GanPreferencesWindow
{
  AdwPreferencesWindow parent_instance;

  GanSession *session;
  GanSettings *settings; /* of the session */
  gboolean filling;      /* the widgets follow the settings, and nobody has chosen */

  GanFolderRow *folder_row;
  AdwComboRow *wish_row;
  GtkAdjustment *max_jobs;
  GtkAdjustment *max_jobs_per_host;
  AdwExpanderRow *limit_row;
  GtkAdjustment *rate;
  GtkDropDown *rate_unit;
  GtkSwitch *notify_switch;
  AdwComboRow *scheme_row;
  AdwPreferencesGroup *sites;
};

G_DEFINE_FINAL_TYPE (GanPreferencesWindow, gan_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

/* In the order of the rows of "Appearance". */
static const char *const schemes[] = { "default", "light", "dark" };

static double
get_unit (GanPreferencesWindow *self)
{
  return gtk_drop_down_get_selected (self->rate_unit) == 0 ? KILO : MEGA;
}

static void
show_limit (GanPreferencesWindow *self)
{
  gint64 limit = gan_settings_get_limit_rate (self->settings);
  gboolean in_mega = limit <= 0 || limit >= (gint64) MEGA;

  if (self->filling)
    return;
  self->filling = TRUE;
  adw_expander_row_set_enable_expansion (self->limit_row, limit > 0);
  adw_expander_row_set_expanded (self->limit_row, limit > 0);
  gtk_drop_down_set_selected (self->rate_unit, in_mega ? 1 : 0);
  gtk_adjustment_set_value (self->rate,
                            (double) (limit > 0 ? limit : FIRST_LIMIT) / (in_mega ? MEGA : KILO));
  self->filling = FALSE;
}

static void
limit_chosen_cb (GanPreferencesWindow *self)
{
  double limit = gtk_adjustment_get_value (self->rate) * get_unit (self);

  if (self->filling || self->settings == NULL)
    return;
  self->filling = TRUE;
  if (!adw_expander_row_get_enable_expansion (self->limit_row))
    limit = 0;
  gan_settings_set_limit_rate (self->settings, (gint64) limit);
  self->filling = FALSE;
}

static gboolean
wish_to_position (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  GanPreferencesWindow *self = user_data;

  g_value_set_uint (
      to,
      gan_quality_find_wish (adw_combo_row_get_model (self->wish_row), g_value_get_string (from)));
  return TRUE;
}

static gboolean
position_to_wish (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  GanPreferencesWindow *self = user_data;
  GanQuality *quality = adw_combo_row_get_selected_item (self->wish_row);

  if (quality == NULL)
    return FALSE;
  g_value_set_string (to, gan_quality_get_wish (quality));
  return TRUE;
}

static gboolean
scheme_to_position (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      if (g_strcmp0 (schemes[i], g_value_get_string (from)) == 0)
        g_value_set_uint (to, i);
    }
  return TRUE;
}

static gboolean
position_to_scheme (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  guint position = g_value_get_uint (from);

  if (position >= G_N_ELEMENTS (schemes))
    return FALSE;
  g_value_set_static_string (to, schemes[position]);
  return TRUE;
}

static void
bind (GanPreferencesWindow *self, const char *setting, gpointer widget, const char *property)
{
  g_object_bind_property (self->settings,
                          setting,
                          widget,
                          property,
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
}

static void
bind_settings (GanPreferencesWindow *self)
{
  g_autoptr (GListModel) wishes = gan_quality_list_wishes ();

  adw_combo_row_set_model (self->wish_row, wishes);
  bind (self, "download-folder", self->folder_row, "folder");
  bind (self, "max-jobs", self->max_jobs, "value");
  bind (self, "max-jobs-per-host", self->max_jobs_per_host, "value");
  bind (self, "notify", self->notify_switch, "active");
  g_object_bind_property_full (self->settings,
                               "wish",
                               self->wish_row,
                               "selected",
                               G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL,
                               wish_to_position,
                               position_to_wish,
                               self,
                               NULL);
  g_object_bind_property_full (self->settings,
                               "color-scheme",
                               self->scheme_row,
                               "selected",
                               G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL,
                               scheme_to_position,
                               position_to_scheme,
                               self,
                               NULL);
  show_limit (self);
  g_signal_connect_object (self->settings,
                           "notify::limit-rate",
                           G_CALLBACK (show_limit),
                           self,
                           G_CONNECT_SWAPPED);
}

static gboolean
has_hosts (GanRules *rules)
{
  const char *const *hosts = gan_rules_get_hosts (rules);

  return hosts != NULL && hosts[0] != NULL;
}

static char *
dup_hosts (GanRules *rules)
{
  const char *const *hosts = gan_rules_get_hosts (rules);
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = 0;

  for (; hosts != NULL && hosts[n] != NULL && n < SHOWN_HOSTS; n++)
    g_string_append_printf (text, "%s%s", n > 0 ? ", " : "", hosts[n]);
  if (n == SHOWN_HOSTS && hosts[n] != NULL)
    g_string_append (text, ", …");
  return g_strdup (text->len > 0 ? text->str : _ ("Files and pages of any other site"));
}

static GtkWidget *
make_status (GanSiteStatus status)
{
  static const struct
  {
    const char *label;
    const char *css_class;
  } words[] = {
    [GAN_SITE_OK] = { N_ ("Works"), "success" },
    [GAN_SITE_DEGRADED] = { N_ ("Works in Part"), "warning" },
    [GAN_SITE_BROKEN] = { N_ ("Does Not Work"), "error" },
  };
  GtkWidget *label = gtk_label_new (dgettext (GAN_GETTEXT_DOMAIN, words[status].label));

  gtk_widget_add_css_class (label, words[status].css_class);
  gtk_widget_add_css_class (label, "caption");
  return label;
}

static void
add_site (GanPreferencesWindow *self, GanRules *rules)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *hosts = dup_hosts (rules);
  g_autofree char *verified = NULL;

  if (gan_rules_get_verified (rules) != NULL)
    verified = g_strdup_printf (_ ("Last checked: %s"), gan_rules_get_verified (rules));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), gan_rules_get_name (rules));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), hosts);
  gtk_widget_set_tooltip_text (row, verified);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_status (gan_rules_get_status (rules)));
  adw_preferences_group_add (self->sites, row);
}

/* Those with hosts of their own first, then what serves all others. */
static void
add_sites (GanPreferencesWindow *self)
{
  GanRegistry *registry = gan_app_get_registry (gan_session_get_app (self->session));
  g_auto (GStrv) ids = gan_registry_dup_ids (registry);

  for (guint round = 0; round < 2; round++)
    {
      for (guint i = 0; ids[i] != NULL; i++)
        {
          GanRules *rules = gan_registry_get_rules (registry, ids[i]);

          if (has_hosts (rules) == (round == 0))
            add_site (self, rules);
        }
    }
}

static void
gan_preferences_window_dispose (GObject *object)
{
  GanPreferencesWindow *self = GAN_PREFERENCES_WINDOW (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (gan_preferences_window_parent_class)->dispose (object);
}

static void
gan_preferences_window_class_init (GanPreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = gan_preferences_window_dispose;

  g_type_ensure (GAN_TYPE_FOLDER_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               GAN_RESOURCE_PATH "/gan-preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, GanPreferencesWindow, folder_row);
  gtk_widget_class_bind_template_child (widget_class, GanPreferencesWindow, wish_row);
  gtk_widget_class_bind_template_child (widget_class, GanPreferencesWindow, max_jobs);
  gtk_widget_class_bind_template_child (widget_class, GanPreferencesWindow, max_jobs_per_host);
  gtk_widget_class_bind_template_child (widget_class, GanPreferencesWindow, limit_row);
  gtk_widget_class_bind_template_child (widget_class, GanPreferencesWindow, rate);
  gtk_widget_class_bind_template_child (widget_class, GanPreferencesWindow, rate_unit);
  gtk_widget_class_bind_template_child (widget_class, GanPreferencesWindow, notify_switch);
  gtk_widget_class_bind_template_child (widget_class, GanPreferencesWindow, scheme_row);
  gtk_widget_class_bind_template_child (widget_class, GanPreferencesWindow, sites);
}

/* The switch of an expander row has no name of its own. */
static void
name_switch (GtkWidget *widget, const char *name)
{
  if (GTK_IS_SWITCH (widget))
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    name,
                                    -1);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    name_switch (child, name);
}

static void
follow (GanPreferencesWindow *self, gpointer widget, const char *signal_name)
{
  g_signal_connect_object (widget,
                           signal_name,
                           G_CALLBACK (limit_chosen_cb),
                           self,
                           G_CONNECT_SWAPPED);
}

static void
gan_preferences_window_init (GanPreferencesWindow *self)
{
  g_autoptr (GtkExpression) label = gtk_property_expression_new (GAN_TYPE_QUALITY, NULL, "label");

  gtk_widget_init_template (GTK_WIDGET (self));
  adw_combo_row_set_expression (self->wish_row, label);
  name_switch (GTK_WIDGET (self->limit_row), _ ("Limit Speed"));
  follow (self, self->limit_row, "notify::enable-expansion");
  follow (self, self->rate, "value-changed");
  follow (self, self->rate_unit, "notify::selected");
}

/**
 * gan_preferences_window_new:
 * @session: whose settings are shown and changed
 *
 * Returns: (transfer none): a window that is not shown yet; GTK keeps it until it is closed
 */
GanPreferencesWindow *
gan_preferences_window_new (GanSession *session)
{
  GanPreferencesWindow *self = NULL;

  g_return_val_if_fail (GAN_IS_SESSION (session), NULL);

  self = g_object_new (GAN_TYPE_PREFERENCES_WINDOW, NULL);
  self->session = g_object_ref (session);
  self->settings = g_object_ref (gan_session_get_settings (session));
  bind_settings (self);
  add_sites (self);
  return self;
}
