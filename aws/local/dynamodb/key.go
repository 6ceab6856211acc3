package dynamodb

// The most bytes of an item and of its keys.
const (
	maxItem      = 400 << 10
	maxPartition = 2048
	maxSort      = 1024
)

// checkKey refuses what is not exactly this table's key.
func (t *table) checkKey(key item) error {
	if key == nil {
		return missing("key")
	}
	if len(key) != len(t.primary.order) {
		return invalid("The provided key element does not match the schema")
	}
	for _, k := range t.primary.order {
		if v, ok := key[k.Name]; !ok || v.kind != k.Type {
			return invalid("The provided key element does not match the schema")
		}
	}
	return t.checkKeyValues(key)
}

// checkItem refuses an item that this table cannot hold.
func (t *table) checkItem(i item) error {
	for _, k := range t.primary.order {
		v, ok := i[k.Name]
		if !ok {
			return invalidValue("Missing the key %s in the item", k.Name)
		}
		if v.kind != k.Type {
			return invalidValue("Type mismatch for key %s expected: %s actual: %s", k.Name, k.Type, v.kind)
		}
	}
	if err := t.checkKeyValues(i); err != nil {
		return err
	}
	return t.checkIndexKeys(i)
}

// checkKeyValues refuses empty and oversized key values.
func (t *table) checkKeyValues(i item) error {
	for _, k := range t.primary.order {
		if err := checkNotEmpty(k, i[k.Name], ""); err != nil {
			return err
		}
	}
	if i[t.PartitionKey.Name].size() > maxPartition {
		return invalidValue("Size of hashkey has exceeded the maximum size limit of%d bytes", maxPartition)
	}
	if t.SortKey.Name != "" && i[t.SortKey.Name].size() > maxSort {
		return invalidValue("Aggregated size of all range keys has exceeded the size limit of %d bytes", maxSort)
	}
	return nil
}

// checkIndexKeys refuses key attributes of an index that have another type; an
// item without them is just not in the index.
func (t *table) checkIndexKeys(i item) error {
	for _, x := range t.indexes {
		for _, k := range x.order {
			v, ok := i[k.Name]
			if !ok {
				continue
			}
			if v.kind != k.Type {
				return invalidValue("Type mismatch for Index Key %s Expected: %s Actual: %s IndexName: %s", k.Name, k.Type, v.kind, x.Name)
			}
			if err := checkNotEmpty(k, v, ", IndexName: "+x.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkNotEmpty(k Key, v value, where string) error {
	if v.text != "" {
		return nil
	}
	kind := "string"
	if k.Type == "B" {
		kind = "binary"
	}
	return invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty %s value. Key: %s%s", kind, k.Name, where)
}
