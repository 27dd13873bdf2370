/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row of the downloads: what it is, how far it is, what one can do about it. Its buttons are
 * actions of the application and of the view around it ("downloads.…"), with the job's id. */
#pragma once

#include "gan-finished.h"
#include "gan-job-words.h"
#include "gan-job.h"
#include "gan-thumbnails.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define GAN_TYPE_JOB_WIDGET (gan_job_widget_get_type ())
G_DECLARE_FINAL_TYPE (GanJobWidget, gan_job_widget, GAN, JOB_WIDGET, GtkWidget)

GtkWidget *gan_job_widget_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* item: a GanJob or a GanFinished, or NULL to let go of it. */
void gan_job_widget_set_item (GanJobWidget *self, gpointer item, GanThumbnails *thumbnails);
gpointer gan_job_widget_get_item (GanJobWidget *self);
void gan_job_widget_set_narrow (GanJobWidget *self, gboolean narrow);

/* What set_item does with each change of the item. */
void gan_job_widget_show (GanJobWidget *self, GanJobRow *row, const GanJobNumbers *numbers);

G_END_DECLS
