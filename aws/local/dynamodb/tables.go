package dynamodb

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"orderops/aws/local/wire"
)

// Key is one key attribute.
type Key struct {
	// Name is the attribute's name; "" means that there is no such key.
	Name string
	// Type is S, N or B; "" means S.
	Type string
}

// Table describes an on-demand table to create.
type Table struct {
	Name         string
	PartitionKey Key
	// SortKey without a name means that the partition key alone is the key.
	SortKey Key
}

// schema is what is told of a table when it is made.
type schema struct {
	TableName            string
	AttributeDefinitions []attributeDefinition
	KeySchema            []keySchema
	BillingMode          string
	// ProvisionedThroughput is shown, never enforced; nil means on-demand.
	ProvisionedThroughput *throughput
}

type throughput struct{ NumberOfDecreasesToday, ReadCapacityUnits, WriteCapacityUnits int64 }

type attributeDefinition struct{ AttributeName, AttributeType string }

type keySchema struct{ AttributeName, KeyType string }

type nameRequest struct{ TableName string }

// object is an answer, or a part of one, that has no members to read.
type object map[string]any

// CreateTable adds a table that can be used at once. It is how a template's
// deployment makes its tables.
func (s *Service) CreateTable(t Table) error {
	in := schema{TableName: t.Name, BillingMode: "PAY_PER_REQUEST"}
	for n, key := range []Key{t.PartitionKey, t.SortKey} {
		if key.Type == "" {
			key.Type = "S"
		}
		if key.Name != "" {
			in.AttributeDefinitions = append(in.AttributeDefinitions, attributeDefinition{key.Name, key.Type})
			in.KeySchema = append(in.KeySchema, keySchema{key.Name, []string{"HASH", "RANGE"}[n]})
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.createTable(&in)
	return err
}

func (s *Service) createTable(in *schema) (*object, error) {
	keys, err := in.keys()
	onDemand := in.BillingMode == "PAY_PER_REQUEST"
	switch {
	case onDemand && in.ProvisionedThroughput != nil:
		return nil, invalidValue("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
	case !onDemand && in.ProvisionedThroughput == nil:
		return nil, invalidValue("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
	case !regexp.MustCompile(`^[a-zA-Z0-9_.-]{3,255}$`).MatchString(in.TableName):
		return nil, invalid("TableName must be at least 3 characters long and at most 255 characters long, of a-z, A-Z, 0-9, _, - and .")
	case err != nil:
		return nil, err
	case s.tables[in.TableName] != nil:
		return nil, failed("ResourceInUseException", "Table already exists: "+in.TableName)
	}
	t := &table{
		schema: *in, keys: keys, created: wire.Time{Time: time.Now()},
		arn: s.id.ARN("dynamodb", "table/"+in.TableName), id: s.id.UUID(),
	}
	for _, key := range keys {
		t.keyNames = append(t.keyNames, key.Name)
	}
	s.tables[in.TableName] = t
	return &object{"TableDescription": t.describe("CREATING")}, nil
}

// keys are the key attributes with their types.
func (in *schema) keys() (keys []Key, err error) {
	types := map[string]string{}
	for _, a := range in.AttributeDefinitions {
		types[a.AttributeName] = a.AttributeType
	}
	for n, element := range in.KeySchema {
		key := Key{element.AttributeName, types[element.AttributeName]}
		if err := oneOf("attributeDefinitions.1.member.attributeType", key.Type, "B", "N", "S"); err != nil {
			return nil, err
		}
		switch {
		case n > 1 || element.KeyType != []string{"HASH", "RANGE"}[n]:
			return nil, invalid("Invalid KeySchema: The first KeySchemaElement is HASH, and a second one is RANGE")
		case key.Type == "":
			return nil, invalidValue("Some index key attributes are not defined in AttributeDefinitions. Keys: [%s], AttributeDefinitions: [%s]",
				key.Name, strings.Join(slices.Sorted(maps.Keys(types)), ", "))
		case n == 1 && key == keys[0]:
			return nil, invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name")
		}
		keys = append(keys, key)
	}
	switch len(keys) {
	case 0:
		return nil, invalid("No Hash Key specified in schema.  All Dynamo DB tables must have exactly one hash key")
	case len(types):
		return keys, nil
	}
	return nil, invalidValue("Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions")
}

// describe tells the table's state; counts are of now, where AWS counts only
// every six hours.
func (t *table) describe(status string) object {
	d := object{
		"TableName": t.TableName, "TableArn": t.arn, "TableId": t.id, "TableStatus": status, "CreationDateTime": t.created,
		"AttributeDefinitions": t.AttributeDefinitions, "KeySchema": t.KeySchema,
		"ItemCount": len(t.items), "TableSizeBytes": t.bytes,
		"DeletionProtectionEnabled": false, "ProvisionedThroughput": t.ProvisionedThroughput,
	}
	if t.ProvisionedThroughput == nil {
		d["ProvisionedThroughput"] = throughput{}
		d["BillingModeSummary"] = object{"BillingMode": t.BillingMode, "LastUpdateToPayPerRequestDateTime": t.created}
	}
	return d
}

func (s *Service) describeTable(in *nameRequest) (*object, error) {
	t, err := s.find(in.TableName, ": Table: "+in.TableName+" not found")
	if err != nil {
		return nil, err
	}
	return &object{"Table": t.describe("ACTIVE")}, nil
}

// deleteTable tells less of a table, as AWS does.
func (s *Service) deleteTable(in *nameRequest) (*object, error) {
	t, err := s.find(in.TableName, ": Table: "+in.TableName+" not found")
	if err != nil {
		return nil, err
	}
	delete(s.tables, t.TableName)
	d := t.describe("DELETING")
	for _, name := range []string{"AttributeDefinitions", "KeySchema", "BillingModeSummary", "CreationDateTime"} {
		delete(d, name)
	}
	return &object{"TableDescription": d}, nil
}

// listTables tells all names at once, where AWS makes pages of a hundred.
func (s *Service) listTables(*struct{}) (*object, error) {
	return &object{"TableNames": append([]string{}, slices.Sorted(maps.Keys(s.tables))...)}, nil
}
