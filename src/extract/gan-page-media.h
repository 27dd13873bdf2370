/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a web page says about its own media: JSON-LD, OpenGraph and Twitter cards, oEmbed links,
 * <video> and <audio>. Fills a GanMedia; the first source that knows a field wins. */
#pragma once

#include "gan-html.h"
#include "gan-media.h"
#include "gan-url.h"

G_BEGIN_DECLS

gboolean gan_page_media_from_json_ld (GanHtml *page, GanUrl *page_url, GanMedia *media);
gboolean gan_page_media_from_open_graph (GanHtml *page, GanUrl *page_url, GanMedia *media);
gboolean gan_page_media_from_elements (GanHtml *page, GanUrl *page_url, GanMedia *media);
gboolean gan_page_media_from_oembed (JsonNode *oembed, GanUrl *page_url, GanMedia *media);
GanUrl *gan_page_media_dup_oembed_url (GanHtml *page, GanUrl *page_url) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
