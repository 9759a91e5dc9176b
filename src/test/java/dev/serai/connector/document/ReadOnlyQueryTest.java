package dev.serai.connector.document;

import java.util.List;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;
import dev.serai.failure.Fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Is every query refused that writes, runs code, or reads from where it may not? The schemas offered are shop and lake. */
class ReadOnlyQueryTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            # Stages that write, wherever they stand.
            [{$out: 'b'}] | /0/$out
            [{$out: {db: 'shop', coll: 'b'}}] | /0/$out
            [{$merge: {into: 'b'}}] | /0/$merge
            [{$facet: {x: [{$out: 'b'}]}}] | /0/$facet/x/0/$out
            [{$lookup: {from: 'b', as: 'c', pipeline: [{$merge: 'd'}]}}] | /0/$lookup/pipeline/0/$merge
            [{$unionWith: {coll: 'b', pipeline: [{$out: 'd'}]}}] | /0/$unionWith/pipeline/0/$out
            [{$lookup: {from: 'b', as: 'c', pipeline: [{$facet: {x: [{$merge: 'd'}]}}]}}] | /0/$lookup/pipeline/0/$facet/x/0/$merge
            [{$unionWith: {coll: 'b', pipeline: [{$lookup: {from: 'c', as: 'd', pipeline: [{$out: 'e'}]}}]}}] | /0/$unionWith/pipeline/0/$lookup/pipeline/0/$out
            [{$match: {}}, {$match: {}}, {$merge: 'b'}] | /2/$merge
            # More than one stage in an object, and what is no list of stages.
            [{$match: {}, $out: 'b'}] | /0
            [{}] | /0
            [[{$out: 'b'}]] | /0
            ['$out'] | /0
            {$out: 'b'} | ``
            {'0': {$out: 'b'}} | ``
            [{$facet: [{$out: 'b'}]}] | /0/$facet
            [{$facet: {x: {$out: 'b'}}}] | /0/$facet/x
            [{$lookup: {from: 'b', as: 'c', pipeline: {$out: 'd'}}}] | /0/$lookup/pipeline
            [{$lookup: [{from: {db: 'admin', coll: 'b'}}]}] | /0/$lookup
            # Other spellings: the server tells case, and neither its neighbours nor we take them for the stage.
            [{$OUT: 'b'}] | /0/$OUT
            [{$Merge: 'b'}] | /0/$Merge
            [{"\\u0024out": 'b'}] | /0/$out
            [{'$out ': 'b'}] | `/0/$out `
            [{' $out': 'b'}] | /0/ $out
            [{'＄out': 'b'}] | /0/＄out
            [{'$оut': 'b'}] | /0/$оut
            [{out: 'b'}] | /0/out
            [{$$out: 'b'}] | /0/$$out
            # Code.
            [{$match: {$where: 'x'}}] | /0/$match/$where
            [{$match: {"\\u0024where": 'x'}}] | /0/$match/$where
            [{$match: {$and: [{$nor: [{$where: 'x'}]}]}}] | /0/$match/$and/0/$nor/0/$where
            [{$match: {x: {$not: {$where: 'x'}}}}] | /0/$match/x/$not/$where
            [{$match: {x: {$elemMatch: {$where: 'x'}}}}] | /0/$match/x/$elemMatch/$where
            [{$match: {x: {$code: 'y'}}}] | /0/$match/x
            [{$match: {x: {$in: [{$code: 'y', $scope: {}}]}}}] | /0/$match/x/$in/0
            [{$match: {$expr: {$function: {body: 'x', args: [], lang: 'js'}}}}] | /0/$match/$expr/$function
            [{$match: {$expr: {$eq: [1, {$let: {vars: {a: {$function: {}}}, in: 1}}]}}}] | /0/$match/$expr/$eq/1/$let/vars/a/$function
            [{$project: {y: {$cond: [{$function: {}}, 1, 2]}}}] | /0/$project/y/$cond/0/$function
            [{$addFields: {'a.b': {$map: {input: '$x', in: {$function: {}}}}}}] | /0/$addFields/a.b/$map/in/$function
            [{$set: {pipeline: {$function: {}}}}] | /0/$set/pipeline/$function
            [{$replaceWith: {$function: {}}}] | /0/$replaceWith/$function
            [{$redact: {$function: {}}}] | /0/$redact/$function
            [{$group: {_id: {$function: {}}}}] | /0/$group/_id/$function
            [{$group: {_id: 1, x: {$accumulator: {}}}}] | /0/$group/x/$accumulator
            [{$bucket: {groupBy: '$x', boundaries: [0, 1], output: {y: {$accumulator: {}}}}}] | /0/$bucket/output/y/$accumulator
            [{$bucketAuto: {groupBy: {$function: {}}, buckets: 2}}] | /0/$bucketAuto/groupBy/$function
            [{$setWindowFields: {output: {y: {$accumulator: {}}}}}] | /0/$setWindowFields/output/y/$accumulator
            [{$sortByCount: {$function: {}}}] | /0/$sortByCount/$function
            [{$fill: {output: {x: {value: {$function: {}}}}}}] | /0/$fill/output/x/value/$function
            [{$geoNear: {near: [0, 0], distanceField: 'd', query: {$where: 'x'}}}] | /0/$geoNear/query/$where
            [{$graphLookup: {from: 'b', startWith: {$function: {}}, as: 'c'}}] | /0/$graphLookup/startWith/$function
            [{$graphLookup: {from: 'b', startWith: 1, as: 'c', restrictSearchWithMatch: {$where: 'x'}}}] | /0/$graphLookup/restrictSearchWithMatch/$where
            [{$lookup: {from: 'b', as: 'c', let: {x: {$function: {}}}, pipeline: []}}] | /0/$lookup/let/x/$function
            [{$lookup: {from: 'b', as: 'c', pipeline: [{$match: {$expr: {$function: {}}}}]}}] | /0/$lookup/pipeline/0/$match/$expr/$function
            [{$facet: {x: [{$group: {_id: 1, y: {$accumulator: {}}}}]}}] | /0/$facet/x/0/$group/y/$accumulator
            [{$project: {x: {$_internalJsEmit: {eval: 'x', this: '$$ROOT'}}}}] | /0/$project/x/$_internalJsEmit
            [{$group: {_id: 1, x: {$_internalJsReduce: {}}}}] | /0/$group/x/$_internalJsReduce
            # Other databases, and the server's own collections.
            [{$lookup: {from: {db: 'other', coll: 'b'}, as: 'c'}}] | /0/$lookup/from/db
            [{$lookup: {from: {coll: 'b'}, as: 'c'}}] | /0/$lookup/from/db
            [{$lookup: {from: {db: 'SHOP', coll: 'b'}, as: 'c'}}] | /0/$lookup/from/db
            [{$lookup: {from: {db: ['shop'], coll: 'b'}, as: 'c'}}] | /0/$lookup/from/db
            [{$lookup: {from: {db: 'shop', coll: 'system.profile'}, as: 'c'}}] | /0/$lookup/from/coll
            [{$lookup: {from: {db: 'local', coll: 'oplog.rs'}, as: 'c'}}] | /0/$lookup/from/db
            [{$lookup: {from: 'system.profile', as: 'c'}}] | /0/$lookup/from
            [{$lookup: {from: 'b', from: {db: 'other', coll: 'b'}, as: 'c'}}] | /0/$lookup/from/db
            [{$graphLookup: {from: {db: 'other', coll: 'b'}, startWith: 1, connectFromField: 'x', connectToField: 'y', as: 'c'}}] | /0/$graphLookup/from/db
            [{$unionWith: {db: 'other', coll: 'b'}}] | /0/$unionWith/db
            [{$unionWith: {coll: {db: 'other', coll: 'b'}}}] | /0/$unionWith/coll/db
            [{$unionWith: 'system.users'}] | /0/$unionWith
            [{$unionWith: 'oplog.$main'}] | /0/$unionWith
            [{$facet: {x: [{$lookup: {from: {db: 'other', coll: 'b'}, as: 'c'}}]}}] | /0/$facet/x/0/$lookup/from/db
            [{$lookup: {from: 'b', as: 'c', pipeline: [{$unionWith: {db: 'other', coll: 'd'}}]}}] | /0/$lookup/pipeline/0/$unionWith/db
            # Stages about the server and its users.
            [{$listSessions: {}}] | /0/$listSessions
            [{$listLocalSessions: {allUsers: true}}] | /0/$listLocalSessions
            [{$currentOp: {allUsers: true}}] | /0/$currentOp
            [{$changeStream: {}}] | /0/$changeStream
            [{$collStats: {}}] | /0/$collStats
            [{$indexStats: {}}] | /0/$indexStats
            [{$planCacheStats: {}}] | /0/$planCacheStats
            [{$queryStats: {}}] | /0/$queryStats
            [{$listSearchIndexes: {}}] | /0/$listSearchIndexes
            [{$documents: [{a: 1}]}] | /0/$documents
            [{$rankFusion: {input: {pipelines: {a: [{$out: 'b'}]}}}}] | /0/$rankFusion
            [{$_internalInhibitOptimization: {}}] | /0/$_internalInhibitOptimization
            [{$mergeCursors: {}}] | /0/$mergeCursors
            """)
    void refusesAPipeline(String pipeline, String pointer) {
        String place = "/query/pipeline" + (pointer == null ? "" : pointer);
        String query = "{\"collection\": \"a\", \"pipeline\": " + pipeline + "}";

        assertThat(faults(query)).containsExactly(place);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {collection: 'a', filter: {$where: 'x'}} | /filter/$where
            {collection: 'a', filter: {$or: [{$where: 'x'}]}} | /filter/$or/0/$where
            {collection: 'a', filter: {$expr: {$function: {}}}} | /filter/$expr/$function
            {collection: 'a', filter: {$query: {$where: 'x'}}} | /filter/$query
            {collection: 'a', filter: {$eval: 'x'}} | /filter/$eval
            {collection: 'a', filter: {x: {$code: 'x'}}} | /filter/x
            {collection: 'a', filter: [{$where: 'x'}]} | /filter
            {collection: 'a', filter: 'x'} | /filter
            {collection: 'a', projection: {x: {$function: {}}}} | /projection/x/$function
            {collection: 'a', projection: {x: {$elemMatch: {$where: 'x'}}}} | /projection/x/$elemMatch/$where
            {collection: 'a', sort: {$where: 'x'}} | /sort/$where
            {collection: 'a', sort: {x: {$function: {}}}} | /sort/x/$function
            {collection: 'a', limit: -1} | /limit
            {collection: 'a', skip: 1.5} | /skip
            {collection: 'a', database: 'admin'} | /database
            {collection: 'a', database: 'Shop'} | /database
            {collection: 'a', database: 'shop.$cmd'} | /database
            {collection: 'a', database: null} | /database
            {collection: 'a', database: {$in: ['shop']}} | /database
            {collection: '$cmd'} | /collection
            {collection: '$cmd.sys.inprog'} | /collection
            {collection: 'system.users'} | /collection
            {collection: {$out: 'a'}} | /collection
            {collection: 'a\\u0000b'} | /collection
            {collection: ''} | /collection
            {filter: {}} | /collection
            {collection: 'a', delete: 'a'} | /delete
            {collection: 'a', mapReduce: 'b'} | /mapReduce
            {collection: 'a', update: {}, pipeline: []} | /update
            {collection: 'a', filter: {}, pipeline: []} | /filter
            {collection: 'a', $db: 'admin'} | /$db
            {collection: 'a', maxTimeMS: 0} | /maxTimeMS
            """)
    void refusesAFind(String query, String pointer) {
        assertThat(faults(query)).contains("/query" + pointer);
    }

    @Test
    void tellsAllThatIsWrong() {
        assertThat(
                        faults(
                                "{collection: 'system.js', database: 'admin', pipeline: [{$out: 'b'}, {$match: {$where: 'x'}}]}"))
                .containsExactly(
                        "/query/collection",
                        "/query/database",
                        "/query/pipeline/0/$out",
                        "/query/pipeline/1/$match/$where");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no json", "[]", "{collection: 'a'", "function() {}", "db.a.drop()", ""})
    void refusesWhatIsNoQuery(String text) {
        assertThat(faults(text)).containsExactly("/query");
    }

    @ParameterizedTest
    @ValueSource(ints = {150, 100_000})
    void refusesWhatIsNestedWithoutEnd(int depth) {
        String query = "{collection: 'a', filter: {x: /\"/, y: " + "[".repeat(depth) + "]".repeat(depth) + "}}";

        assertThat(faults(query)).containsExactly("/query");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{collection: 'a.b', database: 'lake', filter: {'a.$where': 1, out: {$gt: ISODate('2026-01-01T00:00:00Z')}}}",
                "{collection: 'a', filter: {_id: ObjectId('64b7f0c2a1b2c3d4e5f60718'), r: {$ref: 'b', $id: 1}}}",
                "{collection: 'a', filter: {$text: {$search: 'x'}}, projection: {s: {$meta: 'textScore'}, 'l.$': 1}, sort: {$natural: 1}}",
                "{collection: 'a', pipeline: [{$match: {pipeline: 'x', from: 'y'}}, {$project: {pipeline: 1}}, {$count: 'n'}]}",
                "{collection: 'a', pipeline: [{$set: {x: {$literal: {$where: 'only data'}}}}]}",
                "{collection: 'a', pipeline: [{$lookup: {from: {db: 'lake', coll: 'b'}, as: 'c', let: {x: '$y'}, pipeline: [{$match: {$expr: {$eq: ['$z', '$$x']}}}]}}]}",
                "{collection: 'a', pipeline: [{$unionWith: 'b'}, {$unionWith: {coll: 'c', pipeline: [{$limit: 1}]}}]}",
                "{collection: 'a', pipeline: [{$facet: {x: [{$sortByCount: '$y'}], z: [{$group: {_id: null, n: {$sum: 1}, p: {$percentile: {input: '$x', p: [0.5], method: 'approximate'}}}}]}}]}",
                "{collection: 'a', pipeline: [{$search: {text: {query: 'x', path: 'y'}}}, {$set: {score: {$meta: 'searchScore'}}}]}"
            })
    void takesWhatReads(String query) {
        assertThat(asked(query).collection()).startsWith("a");
    }

    private static List<String> faults(String query) {
        FailureException refused = catchThrowableOfType(FailureException.class, () -> asked(query));
        assertThat(refused).as(query).isNotNull();
        return ((Failure.Invalid) refused.failure())
                .errors().stream().map(Fault::pointer).toList();
    }

    private static MongoQuestion asked(String query) {
        ObjectNode request = new ObjectMapper().createObjectNode().put("query", query);
        request.putArray("schemas").add("shop").add("lake");
        return QueryText.read(request, "shop", 10);
    }
}
