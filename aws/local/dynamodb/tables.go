package dynamodb

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"maps"
	"regexp"
	"slices"
	"time"

	"orderops/aws/local/wire"
)

type nameRequest struct{ TableName string }

// object is an answer, or a part of one, that has no members to read.
type object map[string]any

func (s *Service) createTable(in *schema) (*object, error) {
	in.check()
	views := in.views()
	if s.tables[in.TableName] != nil {
		return nil, failed("ResourceInUseException", "Table already exists: "+in.TableName)
	}
	t := &table{
		schema: *in, views: views, created: wire.Time{Time: time.Now()},
		arn: s.id.ARN("dynamodb", "table/"+in.TableName), id: s.id.UUID(),
	}
	s.tables[in.TableName] = t
	return &object{"TableDescription": t.describe("CREATING")}, nil
}

// describe tells the table's state; counts are of now, where AWS counts only
// every six hours.
func (t *table) describe(status string) object {
	d := object{
		"TableName": t.TableName, "TableArn": t.arn, "TableId": t.id, "TableStatus": status,
		"ItemCount": len(t.items), "TableSizeBytes": t.bytes, "DeletionProtectionEnabled": false,
		"ProvisionedThroughput": noThroughput(),
	}
	if status == "DELETING" { // of which AWS tells no more
		return d
	}
	d["CreationDateTime"], d["AttributeDefinitions"], d["KeySchema"] = t.created, t.AttributeDefinitions, t.KeySchema
	d["BillingModeSummary"] = object{"BillingMode": t.BillingMode, "LastUpdateToPayPerRequestDateTime": t.created}
	var indexes []object
	for n, index := range t.GlobalSecondaryIndexes {
		items, bytes := t.in(t.views[n+1]), 0
		for _, i := range items {
			bytes += i.size()
		}
		indexes = append(indexes, object{
			"IndexName": index.IndexName, "IndexArn": t.arn + "/index/" + index.IndexName, "IndexStatus": status,
			"KeySchema": index.KeySchema, "Projection": index.Projection,
			"ItemCount": len(items), "IndexSizeBytes": bytes, "ProvisionedThroughput": noThroughput(),
		})
	}
	if indexes != nil {
		d["GlobalSecondaryIndexes"] = indexes
	}
	return d
}

// noThroughput is what is provided to a table that is paid by the request.
func noThroughput() object {
	return object{"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 0, "WriteCapacityUnits": 0}
}

// named finds a table, and names it when it is missing.
func (s *Service) named(in *nameRequest) (*table, error) {
	t, err := s.find(in.TableName)
	if err != nil {
		err = failed("ResourceNotFoundException", "Requested resource not found: Table: "+in.TableName+" not found")
	}
	return t, err
}

func (s *Service) describeTable(in *nameRequest) (*object, error) {
	t := wire.Must(s.named(in))
	return &object{"Table": t.describe("ACTIVE")}, nil
}

func (s *Service) deleteTable(in *nameRequest) (*object, error) {
	t := wire.Must(s.named(in))
	delete(s.tables, t.TableName)
	return &object{"TableDescription": t.describe("DELETING")}, nil
}

// listTables tells all names at once, where AWS makes pages of a hundred.
func (s *Service) listTables(*struct{}) (*object, error) {
	return &object{"TableNames": append([]string{}, slices.Sorted(maps.Keys(s.tables))...)}, nil
}

// schema is what is told of a table when it is made.
type schema struct {
	TableName              string
	AttributeDefinitions   []attributeDefinition
	KeySchema              []keyElement
	BillingMode            string
	GlobalSecondaryIndexes []indexSchema
}

type attributeDefinition struct{ AttributeName, AttributeType string }

type keyElement struct{ AttributeName, KeyType string }

type indexSchema struct {
	IndexName  string
	KeySchema  []keyElement
	Projection struct{ ProjectionType string }
}

// check refuses what no table can be made of, apart from its keys.
func (in *schema) check() {
	if in.BillingMode != "PAY_PER_REQUEST" {
		wire.Check(unsupported("A BillingMode other than PAY_PER_REQUEST"))
	}
	need(regexp.MustCompile(`^[a-zA-Z0-9_.-]{3,255}$`).MatchString(in.TableName),
		"TableName must be at least 3 characters long and at most 255 characters long, of a-z, A-Z, 0-9, _, - and .")
}

// key is one key attribute. Its kind is S or N.
type key struct{ name, kind string }

// view is a way to find a table's items: by its own key, or by an index's.
type view struct {
	// index is the index's name, "" for the table itself.
	index string
	// keys are the partition key and, if there is one, the sort key.
	keys []key
	// place are keys and, in an index, the table's own: together they name an item.
	place []key
	// keysOnly tells that it has only the attributes of place.
	keysOnly bool
}

// views are the ways to find items, first the table itself.
func (in *schema) views() []view {
	own := in.keys(in.KeySchema)
	views, used := []view{{keys: own, place: own}}, own
	for _, index := range in.GlobalSecondaryIndexes {
		v := view{index: index.IndexName, keysOnly: index.Projection.ProjectionType == "KEYS_ONLY", keys: in.keys(index.KeySchema)}
		if index.Projection.ProjectionType != "ALL" && !v.keysOnly {
			wire.Check(unsupported("ProjectionType " + index.Projection.ProjectionType))
		}
		need(!slices.ContainsFunc(views, func(other view) bool { return other.index == v.index }), wrong+"Duplicate index name: %s", v.index)
		v.place = union(v.keys, own)
		views, used = append(views, v), union(used, v.keys)
	}
	need(len(used) == len(in.AttributeDefinitions), wrong+"Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions")
	return views
}

func union(keys, more []key) []key {
	all := slices.Clone(keys)
	for _, k := range more {
		if !slices.Contains(all, k) {
			all = append(all, k)
		}
	}
	return all
}

// keys are the key attributes with their kinds.
func (in *schema) keys(elements []keyElement) (keys []key) {
	for n, element := range elements {
		k := key{name: element.AttributeName}
		for _, a := range in.AttributeDefinitions {
			if a.AttributeName == k.name {
				k.kind = a.AttributeType
			}
		}
		need(n <= 1 && element.KeyType == []string{"HASH", "RANGE"}[n] && !slices.Contains(keys, k),
			"Invalid KeySchema: The first KeySchemaElement is HASH, and a second one is another attribute and RANGE")
		need(k.kind == "S" || k.kind == "N", wrong+"The local AWS takes keys whose AttributeDefinitions have the type S or N. Key: %s", k.name)
		keys = append(keys, k)
	}
	need(len(keys) > 0, "No Hash Key specified in schema.  All Dynamo DB tables must have exactly one hash key")
	return keys
}

// maxItem is the most bytes of an item.
const maxItem = 400 << 10

// table is one table with its items. The service's lock guards it.
type table struct {
	schema
	arn, id string
	created wire.Time
	// views are the table itself and its indexes.
	views []view
	// items are in the order of a hash of the partition key, so that a scan's
	// order looks as unsorted as AWS's and yet never changes, and inside a
	// partition by the sort key.
	items []item
	// bytes is the size of all items.
	bytes int
}

// keys are the table's own.
func (t *table) keys() []key { return t.views[0].keys }

// compare orders two items, or keys, as a scan does.
func (t *table) compare(a, b item) int {
	partition := t.keys()[0].name
	one, other := sha256.Sum256([]byte(a[partition].text())), sha256.Sum256([]byte(b[partition].text()))
	return cmp.Or(bytes.Compare(one[:], other[:]), compareBy(t.keys(), a, b))
}

// compareBy orders two items by their keys.
func compareBy(keys []key, a, b item) int {
	for _, k := range keys {
		if order := compare(a[k.name], b[k.name]); order != 0 {
			return order
		}
	}
	return 0
}

// get finds the item with this key, nil when there is none.
func (t *table) get(key item) item {
	if at, found := slices.BinarySearchFunc(t.items, key, t.compare); found {
		return t.items[at]
	}
	return nil
}

// put stores an item in the place of the one with the same key.
func (t *table) put(i item) {
	at, found := slices.BinarySearchFunc(t.items, i, t.compare)
	if found {
		t.bytes -= t.items[at].size()
		t.items[at] = i
	} else {
		t.items = slices.Insert(t.items, at, i)
	}
	t.bytes += i.size()
}

// in are the items that a view has: those with its keys.
func (t *table) in(v view) (items []item) {
	for _, i := range t.items {
		if !slices.ContainsFunc(v.keys, func(k key) bool { return i[k.name].kind == "" }) {
			items = append(items, i)
		}
	}
	return items
}

// pick is the item with only these attributes, which it has.
func (i item) pick(keys []key) item {
	picked := item{}
	for _, k := range keys {
		picked[k.name] = i[k.name]
	}
	return picked
}

// fits tells whether an item has exactly these keys and nothing else.
func (i item) fits(keys []key) bool {
	return len(i) == len(keys) && !slices.ContainsFunc(keys, func(k key) bool { return i[k.name].kind != k.kind })
}

// checkKey refuses what is not exactly this table's key.
func (t *table) checkKey(key item) {
	need(key.fits(t.keys()), "The provided key element does not match the schema")
	t.check(key)
}

// check refuses an item that is too large, or has a key that this table or one
// of its indexes cannot hold.
func (t *table) check(i item) {
	need(i.size() <= maxItem, "Item size has exceeded the maximum allowed size")
	for _, view := range t.views {
		for n, k := range view.keys {
			v, ok := i[k.name]
			switch most := []int{2048, 1024}[n]; {
			case !ok && view.index == "":
				wire.Check(invalidValue("Missing the key %s in the item", k.name))
			case !ok: // the index does not have it
			case v.kind != k.kind && view.index == "":
				wire.Check(invalidValue("Type mismatch for key %s expected: %s actual: %s", k.name, k.kind, v.kind))
			case v.kind != k.kind:
				wire.Check(invalidValue("Type mismatch for Index Key %s Expected: %s Actual: %s IndexName: %s", k.name, k.kind, v.kind, view.index))
			case v.text() == "" && view.index == "":
				wire.Check(emptyKey(k))
			case v.text() == "":
				wire.Check(invalid("One or more parameter values are not valid. A value specified for a secondary index key is not supported. "+
					"The AttributeValue for a key attribute cannot contain an empty string value. IndexName: %s, IndexKey: %s", view.index, k.name))
			case v.bytes > most:
				wire.Check(invalidValue("Size of the key %s has exceeded the maximum size limit of %d bytes", k.name, most))
			}
		}
	}
}

func emptyKey(k key) error {
	return invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: %s", k.name)
}
