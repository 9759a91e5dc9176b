package dev.serai.connector.document;

import java.util.Set;

/**
 * Which words of MongoDB's language only read? Those of these lists, as they are written there: the server tells upper case
 * from lower. A list of what is refused would not know what a later server can do, nor the server's own inner operators.
 */
final class QueryOperators {
    /** Of a pipeline; what changes data or tells of the server instead of its documents is not among them. */
    private static final Set<String> STAGES = words(
            """
            $addFields $bucket $bucketAuto $count $densify $facet $fill $geoNear $graphLookup $group $limit $lookup $match
            $project $redact $replaceRoot $replaceWith $sample $search $searchMeta $set $setWindowFields $skip $sort
            $sortByCount $unionWith $unset $unwind $vectorSearch
            """);

    private static final Set<String> OPERATORS = words(
            """
            $eq $ne $gt $gte $lt $lte $cmp $in $nin $and $or $nor $not $all $elemMatch $size $exists $type $mod $regex
            $options $text $search $language $caseSensitive $diacriticSensitive $expr $jsonSchema $comment $rand $sampleRate
            $bitsAllClear $bitsAllSet $bitsAnyClear $bitsAnySet $geoIntersects $geoWithin $near $nearSphere $geometry $box
            $center $centerSphere $polygon $minDistance $maxDistance $uniqueDocs $alwaysFalse $alwaysTrue
            $slice $meta $natural

            $abs $add $ceil $divide $exp $floor $ln $log $log10 $multiply $pow $round $sqrt $subtract $trunc
            $bitAnd $bitNot $bitOr $bitXor
            $arrayElemAt $arrayToObject $concatArrays $filter $first $firstN $indexOfArray $isArray $last $lastN $map $maxN
            $minN $objectToArray $range $reduce $reverseArray $sortArray $zip
            $cond $ifNull $switch $let $literal $getField $setField $unsetField $mergeObjects
            $dateAdd $dateDiff $dateFromParts $dateFromString $dateSubtract $dateToParts $dateToString $dateTrunc $dayOfMonth
            $dayOfWeek $dayOfYear $hour $isoDayOfWeek $isoWeek $isoWeekYear $millisecond $minute $month $second $week $year
            $tsIncrement $tsSecond
            $allElementsTrue $anyElementTrue $setDifference $setEquals $setIntersection $setIsSubset $setUnion
            $concat $indexOfBytes $indexOfCP $ltrim $regexFind $regexFindAll $regexMatch $replaceAll $replaceOne $rtrim $split
            $strLenBytes $strLenCP $strcasecmp $substr $substrBytes $substrCP $toLower $toUpper $trim
            $acos $acosh $asin $asinh $atan $atan2 $atanh $cos $cosh $degreesToRadians $radiansToDegrees $sin $sinh $tan $tanh
            $convert $isNumber $toBool $toDate $toDecimal $toDouble $toInt $toLong $toObjectId $toString $toUUID
            $binarySize $bsonSize $toHashedIndexKey

            $addToSet $avg $bottom $bottomN $count $max $median $min $percentile $push $stdDevPop $stdDevSamp $sum $top $topN
            $covariancePop $covarianceSamp $denseRank $derivative $documentNumber $expMovingAvg $integral $linearFill $locf
            $minMaxScaler $rank $shift

            $ref $id $db
            """);

    private QueryOperators() {}

    static boolean isStage(String name) {
        return STAGES.contains(name);
    }

    /** Whether it may be the name of anything in a query that is no stage: a field's, or an operator's that only reads. */
    static boolean isName(String name) {
        return !name.startsWith("$") || OPERATORS.contains(name);
    }

    private static Set<String> words(String text) {
        return Set.copyOf(java.util.List.of(text.strip().split("\\s+")));
    }
}
