-- The prices of products.
SELECT
  p.id       AS id,
  c.amount   AS price,
  c.currency AS currency
FROM sample.product AS p
LEFT JOIN sample.price AS c ON c.product_id = p.id
