-- Prices of a level, in a currency, offered, and for a time. What was agreed before holds for ever.
CREATE TABLE agreed_price (
    org_id INTEGER NOT NULL,
    product TEXT NOT NULL,
    customer TEXT NOT NULL,
    level TEXT NOT NULL,
    currency TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('agreed', 'quotation')),
    min_qty_milli INTEGER NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL,
    price_e4 INTEGER NOT NULL,
    PRIMARY KEY (org_id, product, customer, level, currency, kind, min_qty_milli, valid_from)
) STRICT, WITHOUT ROWID;
INSERT INTO agreed_price
    SELECT org_id, product, customer, '', '', 'agreed', min_qty_milli, '', '', price_e4 FROM price;
DROP TABLE price;
ALTER TABLE agreed_price RENAME TO price;
