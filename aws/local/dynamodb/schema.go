package dynamodb

import (
	"regexp"
	"slices"
)

// schema is what is told of a table when it is made.
type schema struct {
	TableName            string
	AttributeDefinitions []attributeDefinition
	KeySchema            []keyElement
	BillingMode          string
	// ProvisionedThroughput is shown, never enforced; nil means on-demand.
	ProvisionedThroughput  *throughput
	GlobalSecondaryIndexes []indexSchema
}

type attributeDefinition struct{ AttributeName, AttributeType string }

type keyElement struct{ AttributeName, KeyType string }

type throughput struct{ NumberOfDecreasesToday, ReadCapacityUnits, WriteCapacityUnits int64 }

type indexSchema struct {
	IndexName  string
	KeySchema  []keyElement
	Projection struct{ ProjectionType string }
}

// check refuses what no table can be made of, apart from its keys.
func (in *schema) check() error {
	onDemand := in.BillingMode == "PAY_PER_REQUEST"
	switch {
	case onDemand && in.ProvisionedThroughput != nil:
		return invalidValue("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
	case !onDemand && in.ProvisionedThroughput == nil:
		return invalidValue("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
	case !onDemand && in.GlobalSecondaryIndexes != nil:
		return unsupported("A global secondary index with provisioned throughput")
	case !regexp.MustCompile(`^[a-zA-Z0-9_.-]{3,255}$`).MatchString(in.TableName):
		return invalid("TableName must be at least 3 characters long and at most 255 characters long, of a-z, A-Z, 0-9, _, - and .")
	}
	return nil
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
func (in *schema) views() ([]view, error) {
	own, err := in.keys(in.KeySchema)
	views, used := []view{{keys: own, place: own}}, own
	for _, index := range in.GlobalSecondaryIndexes {
		if err != nil {
			return nil, err
		}
		v := view{index: index.IndexName, keysOnly: index.Projection.ProjectionType == "KEYS_ONLY"}
		if index.Projection.ProjectionType != "ALL" && !v.keysOnly {
			return nil, unsupported("ProjectionType " + index.Projection.ProjectionType)
		}
		if slices.ContainsFunc(views, func(other view) bool { return other.index == v.index }) {
			return nil, invalidValue("Duplicate index name: %s", v.index)
		}
		v.keys, err = in.keys(index.KeySchema)
		v.place = union(v.keys, own)
		views, used = append(views, v), union(used, v.keys)
	}
	if err == nil && len(used) != len(in.AttributeDefinitions) {
		err = invalidValue("Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions")
	}
	return views, err
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
func (in *schema) keys(elements []keyElement) (keys []key, err error) {
	for n, element := range elements {
		k := key{name: element.AttributeName}
		for _, a := range in.AttributeDefinitions {
			if a.AttributeName == k.name {
				k.kind = a.AttributeType
			}
		}
		if n > 1 || element.KeyType != []string{"HASH", "RANGE"}[n] || slices.Contains(keys, k) {
			return nil, invalid("Invalid KeySchema: The first KeySchemaElement is HASH, and a second one is another attribute and RANGE")
		}
		if k.kind != "S" && k.kind != "N" {
			return nil, invalidValue("The local AWS takes keys whose AttributeDefinitions have the type S or N. Key: %s", k.name)
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return nil, invalid("No Hash Key specified in schema.  All Dynamo DB tables must have exactly one hash key")
	}
	return keys, nil
}
