package dynamodb

import "slices"

// The most bytes of an item and of its keys.
const (
	maxItem      = 400 << 10
	maxPartition = 2048
	maxSort      = 1024
)

// checkKey refuses what is not exactly this table's key.
func (t *table) checkKey(key item) error {
	switch {
	case key == nil:
		return missing("key")
	case !t.fits(key):
		return invalid("The provided key element does not match the schema")
	}
	return t.checkItem(key)
}

// fits tells whether these are the table's key attributes and nothing else.
func (t *table) fits(key item) bool {
	return len(key) == len(t.keys) && !slices.ContainsFunc(t.keys, func(k Key) bool { return key[k.Name].kind != k.Type })
}

// checkItem refuses an item with a key that this table cannot hold.
func (t *table) checkItem(i item) error {
	for _, k := range t.keys {
		v, ok := i[k.Name]
		switch {
		case !ok:
			return invalidValue("Missing the key %s in the item", k.Name)
		case v.kind != k.Type:
			return invalidValue("Type mismatch for key %s expected: %s actual: %s", k.Name, k.Type, v.kind)
		}
	}
	for n, k := range t.keys {
		v := i[k.Name]
		if err := k.checkNotEmpty(v); err != nil {
			return err
		}
		switch size := v.size(); {
		case n == 0 && size > maxPartition:
			return invalidValue("Size of hashkey has exceeded the maximum size limit of%d bytes", maxPartition)
		case n == 1 && size > maxSort:
			return invalidValue("Aggregated size of all range keys has exceeded the size limit of %d bytes", maxSort)
		}
	}
	return nil
}

func (k Key) checkNotEmpty(v value) error {
	if v.text != "" {
		return nil
	}
	return invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty %s value. Key: %s",
		map[string]string{"S": "string", "B": "binary"}[k.Type], k.Name)
}
