package dynamodb

import (
	"maps"
	"slices"

	"orderops/aws/local/wire"
)

type describedThroughput struct {
	NumberOfDecreasesToday int64
	throughput
}

type billing struct {
	BillingMode                       string
	LastUpdateToPayPerRequestDateTime wire.Time
}

// description is DescribeTable's answer.
type description struct {
	AttributeDefinitions      []attributeDefinition
	BillingModeSummary        *billing `json:",omitempty"`
	CreationDateTime          wire.Time
	DeletionProtectionEnabled bool
	GlobalSecondaryIndexes    []indexDescription `json:",omitempty"`
	ItemCount                 int
	KeySchema                 []keySchema
	ProvisionedThroughput     describedThroughput
	TableArn                  string
	TableId                   string
	TableName                 string
	TableSizeBytes            int
	TableStatus               string
}

// deleted is DeleteTable's answer, which AWS keeps shorter.
type deleted struct {
	DeletionProtectionEnabled bool
	ItemCount                 int
	ProvisionedThroughput     describedThroughput
	TableArn                  string
	TableId                   string
	TableName                 string
	TableSizeBytes            int
	TableStatus               string
}

type indexDescription struct {
	IndexArn              string
	IndexName             string
	IndexSizeBytes        int
	IndexStatus           string
	ItemCount             int
	KeySchema             []keySchema
	Projection            projection
	ProvisionedThroughput describedThroughput
}

// describe tells the table's state; counts are of now, where AWS counts only
// every six hours.
func (t *table) describe() description {
	types := map[string]string{}
	for _, x := range append([]*index{&t.primary}, t.indexes...) {
		for _, key := range x.order {
			types[key.Name] = key.Type
		}
	}
	d := description{
		CreationDateTime: wire.Time{Time: t.created},
		ItemCount:        len(t.primary.entries),
		KeySchema:        t.primary.schema(),
		TableArn:         t.arn,
		TableId:          t.id,
		TableName:        t.Name,
		TableSizeBytes:   t.bytes,
		TableStatus:      "ACTIVE",
	}
	for _, name := range slices.Sorted(maps.Keys(types)) {
		d.AttributeDefinitions = append(d.AttributeDefinitions, attributeDefinition{name, types[name]})
	}
	d.ProvisionedThroughput.throughput = throughput{t.ReadCapacity, t.WriteCapacity}
	if t.ReadCapacity == 0 && t.WriteCapacity == 0 {
		d.BillingModeSummary = &billing{"PAY_PER_REQUEST", wire.Time{Time: t.created}}
	}
	for _, x := range t.indexes {
		described := indexDescription{
			IndexArn:              t.arn + "/index/" + x.Name,
			IndexName:             x.Name,
			IndexStatus:           "ACTIVE",
			ItemCount:             len(x.entries),
			KeySchema:             x.schema(),
			Projection:            projection{x.Projection, x.Include},
			ProvisionedThroughput: d.ProvisionedThroughput,
		}
		if x.Projection == "" {
			described.Projection.ProjectionType = "ALL"
		}
		for _, e := range x.entries {
			described.IndexSizeBytes += x.projected(e.item).size()
		}
		d.GlobalSecondaryIndexes = append(d.GlobalSecondaryIndexes, described)
	}
	return d
}

// schema is the index's own key as the wire tells it.
func (x *index) schema() []keySchema {
	schema := []keySchema{{x.PartitionKey.Name, "HASH"}}
	if x.SortKey.Name != "" {
		schema = append(schema, keySchema{x.SortKey.Name, "RANGE"})
	}
	return schema
}

// table turns a CreateTable request into the table's description.
func (in *tableRequest) table() (Table, error) {
	if len(in.LocalSecondaryIndexes) > 0 {
		return Table{}, unsupported("LocalSecondaryIndexes")
	}
	if in.StreamSpecification != nil && in.StreamSpecification.StreamEnabled {
		return Table{}, unsupported("StreamSpecification")
	}
	types := map[string]string{}
	for _, definition := range in.AttributeDefinitions {
		types[definition.AttributeName] = definition.AttributeType
	}
	used := map[string]bool{}
	keys := func(schema []keySchema) (partition, sort Key, err error) {
		for _, element := range schema {
			kind, ok := types[element.AttributeName]
			if !ok {
				return Key{}, Key{}, invalidValue("Some index key attributes are not defined in AttributeDefinitions. Keys: [%s], AttributeDefinitions: %v",
					element.AttributeName, slices.Sorted(maps.Keys(types)))
			}
			used[element.AttributeName] = true
			switch element.KeyType {
			case "HASH":
				partition = Key{element.AttributeName, kind}
			case "RANGE":
				sort = Key{element.AttributeName, kind}
			}
		}
		return partition, sort, nil
	}
	t := Table{Name: in.TableName}
	var err error
	if t.PartitionKey, t.SortKey, err = keys(in.KeySchema); err != nil {
		return Table{}, err
	}
	for _, x := range in.GlobalSecondaryIndexes {
		made := Index{Name: x.IndexName, Projection: x.Projection.ProjectionType, Include: x.Projection.NonKeyAttributes}
		if made.PartitionKey, made.SortKey, err = keys(x.KeySchema); err != nil {
			return Table{}, err
		}
		t.Indexes = append(t.Indexes, made)
	}
	if len(used) != len(types) {
		return Table{}, invalidValue("Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions")
	}
	return t, in.capacity(&t)
}

func (in *tableRequest) capacity(t *Table) error {
	p := in.ProvisionedThroughput
	if in.BillingMode == "PAY_PER_REQUEST" {
		if p != nil {
			return invalidValue("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
		}
		return nil
	}
	if p == nil {
		return invalidValue("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
	}
	if p.ReadCapacityUnits < 1 {
		return tooLow("provisionedThroughput.readCapacityUnits", int(p.ReadCapacityUnits), 1)
	}
	if p.WriteCapacityUnits < 1 {
		return tooLow("provisionedThroughput.writeCapacityUnits", int(p.WriteCapacityUnits), 1)
	}
	t.ReadCapacity, t.WriteCapacity = p.ReadCapacityUnits, p.WriteCapacityUnits
	return nil
}
