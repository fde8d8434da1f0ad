-- Steps of different flows may have the same id. Of older rows the flow stays unsaid: they are known by their step alone.
ALTER TABLE task ADD COLUMN flow TEXT;
