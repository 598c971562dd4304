-- The ids of all products.
SELECT p.id AS id
FROM sample.product AS p
