-- All attributes of products.
SELECT
  p.id       AS id,
  p.name     AS name,
  p.brand    AS brand,
  p.colour   AS colour,
  d.text     AS description,
  c.amount   AS price,
  c.currency AS currency
FROM sample.product AS p
LEFT JOIN sample.price AS c ON c.product_id = p.id
LEFT JOIN sample.description AS d ON d.product_id = p.id
