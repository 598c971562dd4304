-- The sample database: a made-up shop with ${sample.products} products, the same ones every time.
--
-- Running this again with a larger number adds the missing products and touches no others: what was changed or deleted
-- by hand stays changed or deleted. For H2. Statements are split at semicolons, so no text or comment here holds one.

CREATE SCHEMA IF NOT EXISTS sample;

-- How many products were ever created, in one row. The largest id would not do: that product may have been deleted.
CREATE TABLE IF NOT EXISTS sample.created (
  products INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS sample.product (
  id     INTEGER PRIMARY KEY,
  sku    VARCHAR(20),
  name   VARCHAR(200),
  brand  VARCHAR(100),
  colour VARCHAR(50)
);

CREATE TABLE IF NOT EXISTS sample.price (
  product_id INTEGER PRIMARY KEY REFERENCES sample.product (id) ON DELETE CASCADE,
  amount     DECIMAL(10, 2),
  currency   VARCHAR(3)
);

CREATE TABLE IF NOT EXISTS sample.description (
  product_id INTEGER PRIMARY KEY REFERENCES sample.product (id) ON DELETE CASCADE,
  text       VARCHAR(4000)
);

INSERT INTO sample.created (products)
SELECT 0
WHERE NOT EXISTS (SELECT * FROM sample.created);

-- Every word is picked by the remainder of the id. There are six departments of eight articles, 48 in all, and the
-- lengths of the other lists (5, 7, 11, 13, 17) share no divisor with 48 or with each other: so all combinations occur.
--
-- DIRECT inserts row by row instead of collecting all rows first. Products are counted as created only at the end: NOT
-- EXISTS is for the run that repeats an interrupted one.
INSERT INTO sample.product (id, sku, name, brand, colour) DIRECT
SELECT
  n.id,
  ARRAY['OUT', 'SHO', 'KIT', 'HOM', 'ELE', 'TRA'][1 + MOD(n.id, 6)] || '-' || (10000000 + n.id),
  ARRAY[
    ARRAY['Waterproof', 'Lightweight', 'Insulated', 'Breathable', 'Windproof', 'Quick-Dry', 'Packable'],
    ARRAY['Cushioned', 'Handmade', 'Everyday', 'Wide-Fit', 'Water-Repellent', 'Classic', 'Flexible'],
    ARRAY['Stainless', 'Professional', 'Compact', 'Hand-Finished', 'Dishwasher-Safe', 'Traditional', 'Large'],
    ARRAY['Minimalist', 'Scandinavian', 'Vintage', 'Handwoven', 'Rustic', 'Modern', 'Recycled'],
    ARRAY['Wireless', 'Portable', 'Rechargeable', 'Smart', 'Ultra-Slim', 'Splashproof', 'Noise-Reduced'],
    ARRAY['Expedition', 'Foldable', 'Ultralight', 'Rugged', 'Family', 'Weekend', 'Weatherproof']
  ][1 + MOD(n.id, 6)][1 + MOD(n.id, 7)]
    || ' '
    || ARRAY[
      ARRAY['Hiking Jacket', 'Rain Coat', 'Fleece Pullover', 'Trekking Trousers', 'Softshell Vest', 'Running Shirt',
            'Winter Parka', 'Cycling Gloves'],
      ARRAY['Trail Shoes', 'Leather Boots', 'Canvas Sneakers', 'Loafers', 'Sandals', 'House Slippers', 'Chelsea Boots',
            'Running Shoes'],
      ARRAY['Espresso Maker', 'Chef''s Knife', 'Cast Iron Pan', 'Kettle', 'Mixing Bowl', 'Café au Lait Mug',
            'Crème Brûlée Set', 'Pepper Mill'],
      ARRAY['Table Lamp', 'Wool Blanket', 'Cushion Cover', 'Bookshelf', 'Wall Clock', 'Linen Curtain', 'Flower Vase',
            'Door Mat'],
      ARRAY['Headphones', 'Loudspeaker', 'Desk Fan', 'Alarm Clock', 'Power Bank', 'Keyboard', 'Action Camera',
            'Reading Light'],
      ARRAY['Backpack', 'Sleeping Bag', 'Dome Tent', 'Suitcase', 'Yoga Mat', 'Camping Stove', 'Travel Pillow',
            'Climbing Rope']
    ][1 + MOD(n.id, 6)][1 + MOD(n.id / 6, 8)]
    || ARRAY['', ' Arolla', ' Bernina', '', ' Säntis', ' Tofana™', '', ' Piz Palü', ' Dolent', '',
             ' Mont Fort'][1 + MOD(n.id, 11)]
    || ', '
    || ARRAY['Moss Green', 'Navy Blue', 'Charcoal', 'Ivory', 'Rust Red', 'Mustard', 'Sky Blue', 'Graphite', 'Sand',
             'Burgundy', 'Teal', 'Rosé', 'Black', 'White', 'Petrol', 'Terracotta', 'Crème'][1 + MOD(n.id, 17)],
  ARRAY['Nordwind', 'Brook & Vale', 'Alpenglück', 'Maison Lumière', 'Tindra', 'Hollerbach', 'Peñalta', 'Harrow & Finch',
        'Skovly', 'Ridgeway', 'Møllegård', 'Komorebi 木漏れ日', 'Velaro'][1 + MOD(n.id, 13)],
  ARRAY['Moss Green', 'Navy Blue', 'Charcoal', 'Ivory', 'Rust Red', 'Mustard', 'Sky Blue', 'Graphite', 'Sand',
        'Burgundy', 'Teal', 'Rosé', 'Black', 'White', 'Petrol', 'Terracotta', 'Crème'][1 + MOD(n.id, 17)]
FROM SYSTEM_RANGE((SELECT products + 1 FROM sample.created), ${sample.products}) AS n (id)
WHERE NOT EXISTS (SELECT * FROM sample.product AS p WHERE p.id = n.id);

-- Some products have no price: of these, some have no row here and some have one without an amount.
INSERT INTO sample.price (product_id, amount, currency) DIRECT
SELECT
  p.id,
  CASE
    WHEN MOD(p.id, 53) <> 7 THEN
      ROUND(
        ARRAY[
          ARRAY[129, 99, 59, 79, 69, 35, 219, 29],
          ARRAY[119, 159, 65, 95, 49, 25, 149, 109],
          ARRAY[39, 75, 55, 49, 19, 13, 45, 29],
          ARRAY[89, 69, 19, 179, 39, 49, 35, 25],
          ARRAY[149, 119, 45, 29, 39, 85, 249, 35],
          ARRAY[99, 139, 229, 129, 35, 59, 25, 115]
        ][1 + MOD(p.id, 6)][1 + MOD(p.id / 6, 8)] * (80 + 5 * MOD(p.id, 7) + 3 * MOD(p.id, 13)) / 100.0, 0)
        - ARRAY[0.05, 0.01, 0.05, 0.51, 0.00][1 + MOD(p.id, 5)]
  END,
  CASE MOD(p.id, 10) WHEN 3 THEN 'CHF' WHEN 8 THEN 'GBP' ELSE 'EUR' END
FROM sample.product AS p
WHERE p.id > (SELECT products FROM sample.created)
  AND p.id <= ${sample.products}
  AND MOD(p.id, 37) <> 11
  AND NOT EXISTS (SELECT * FROM sample.price AS o WHERE o.product_id = p.id);

-- HTML of one or two sentences, most with a list. The texts write ¦ where an entity has its semicolon.
INSERT INTO sample.description (product_id, text) DIRECT
SELECT
  p.id,
  REPLACE(
    '<p>'
      || ARRAY[
        ARRAY['Keeps you dry &amp¦ warm on every trail, from the first frost to the last snow.',
              'Made for long days above the tree line.',
              'Cut for freedom of movement, in every Größe from XS to XXL.',
              'Light enough to forget that you wear it, and warm enough not to.',
              'Our best-seller for autumn storms 🍂.'],
        ARRAY['A comfortable companion for city &amp¦ country.',
              'Sewn by hand from soft but durable material, with a sole that can be replaced.',
              'Grips on wet rock as well as on asphalt.',
              'Runs small: please order one Größe larger than you usually do.',
              'Feels like walking on clouds ☁️.'],
        ARRAY['Good tools make good food, whether for two or for twenty.',
              'For the perfect breakfast, with croissant &amp¦ café&nbsp¦crème ☕.',
              'Looks as good on the table as in the kitchen.',
              'An heirloom in the making: our grandparents still use theirs.',
              'Practical, handsome &amp¦ easy to store. Bon appétit!'],
        ARRAY['Makes any room feel like home, from the studio flat to the farmhouse.',
              'Simple forms &amp¦ honest materials.',
              'Designed in Malmö, made in a small workshop in the south of Europe.',
              'Each piece is unique: &quot¦wabi-sabi&quot¦, as they say in Japan.',
              'A gift for those who have everything 🎁.'],
        ARRAY['Up to 30 hours on a single charge, thanks to the new battery ⚡.',
              'Works out of the box, without an app &amp¦ without an account.',
              'Made for the desk, the night table and the road.',
              'Fits every bag: only 12&nbsp¦mm thick.',
              'Weighs &lt¦&nbsp¦250&nbsp¦g and does not mind a little rain.'],
        ARRAY['Packs small &amp¦ carries its weight on any journey.',
              'Tested at -10&nbsp¦°C on a glacier.',
              'For weekends in the wild &amp¦ weeks abroad, with friends or alone.',
              'Small enough for the cabin of most airlines ✈️.',
              'Unpacked and ready in less than 3 minutes, even in the dark.']
      ][1 + MOD(p.id, 6)][1 + MOD(p.id, 5)]
      || CASE
        WHEN MOD(p.id, 19) >= 3 THEN
          ARRAY[' Made with 100&nbsp¦% renewable energy.',
                ' Comes with a two-year warranty.',
                ' Tested for harmful substances by an independent laboratory.',
                ' Spare parts are available for at least ten years.',
                ' Winner of the Größenwahn™ design award.',
                ' Ships in a plastic-free box ♻️.',
                ' Easy to clean.',
                ' This colour is a limited edition of the season.',
                ' Recommended by 9 out of 10 customers &amp¦ their friends.',
                ' To clean, wipe with a damp cloth &amp¦ let dry.',
                ' Designed to be repaired, not replaced.'][1 + MOD(p.id, 11)]
        ELSE ''
      END
      || '</p>'
      || CASE
        WHEN MOD(p.id, 19) >= 5 THEN
          '<ul><li>'
            || ARRAY['Fair trade', 'Climate neutral', 'Made in Portugal', 'Tested by hikers &amp¦ chefs',
                     'TrueQuality® certified', 'Free of solvents', 'New: now even lighter'][1 + MOD(p.id, 7)]
            || '</li><li>'
            || ARRAY['Free returns', 'Delivery in 2&ndash¦3 days', 'Gift wrap for 2.50&nbsp¦€', 'Weight: 0.8&nbsp¦kg',
                     '30 days to try it', 'Width: ½&nbsp¦m', 'Service &amp¦ repair', 'Matching bag',
                     'Spare parts included', 'Manual in English, français &amp¦ 日本語', 'Two in a pack',
                     'QR code for the manual', 'A tree planted for each one 🌳'][1 + MOD(p.id, 13)]
            || '</li></ul>'
        ELSE ''
      END,
    '¦', CHAR(59))
FROM sample.product AS p
WHERE p.id > (SELECT products FROM sample.created)
  AND p.id <= ${sample.products}
  AND MOD(p.id, 41) <> 5
  AND NOT EXISTS (SELECT * FROM sample.description AS o WHERE o.product_id = p.id);

UPDATE sample.created
SET products = ${sample.products}
WHERE products < ${sample.products};
