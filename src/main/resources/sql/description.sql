-- The descriptions of products.
SELECT
  p.id   AS id,
  d.text AS description
FROM sample.product AS p
LEFT JOIN sample.description AS d ON d.product_id = p.id
