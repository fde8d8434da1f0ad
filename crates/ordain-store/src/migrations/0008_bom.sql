-- What a product is made of, as JSON, and how many days making it takes once the parts are there.
CREATE TABLE bom (
    org_id INTEGER NOT NULL,
    product TEXT NOT NULL,
    make_days INTEGER NOT NULL,
    components TEXT NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    PRIMARY KEY (org_id, product)
) STRICT;
