/** 256 English words that are easily said, heard and told apart; none is a number or a wish of the dialogue. Their order is theirs for good. */
export const englishProofWords: readonly string[] = (
  "amber anchor antler apple apron arrow autumn badger bakery balcony bamboo banana banjo barley " +
  "basket beacon beaver bicycle biscuit blanket blossom bonfire bottle boulder bracelet breeze " +
  "bridge bronze bucket butter button cabin cactus camera candle canoe canyon captain caravan " +
  "carpet castle cedar cello chapel cherry chestnut chimney cider cinnamon circus cloud clover " +
  "cobalt coconut comet compass copper coral cottage cotton coyote cradle crater cricket crimson " +
  "crystal curtain cushion cypress daisy dancer diamond dolphin dragon drizzle drummer eagle easel " +
  "echo elephant emerald engine evening falcon feather fiddle flamingo flannel forest fossil garden " +
  "garlic garnet ginger giraffe glacier golden granite grape gravel green guitar hammer harbor " +
  "harvest hazel hedgehog helmet hickory honey horizon iceberg indigo island ivory jacket jaguar " +
  "jasmine jelly jigsaw jungle juniper kettle kitchen ladder lagoon lantern lavender lemon leopard " +
  "library linen lobster magnet maple marble marigold market meadow melon mirror mitten monsoon " +
  "morning mountain mushroom mustard nectar needle noodle nutmeg ocean olive onion orange orchard " +
  "otter oyster paddle palace panda paper parade parrot parsley peacock pebble pelican pencil " +
  "penguin pepper piano pickle pigeon planet plaza polar pony poppy porcupine prairie pumpkin " +
  "puzzle quartz quiet rabbit raccoon radish rainbow raven ribbon river robin rocket rooster ruby " +
  "saffron sailor salmon sandal sapphire satin scarlet seagull shadow shovel silver skylark slipper " +
  "smooth snail sparrow spider spinach spring squirrel stable starling stone summer sunset tango " +
  "teapot tempest thistle thunder tiger timber tomato topaz tractor trumpet tulip tunnel turnip " +
  "turtle umbrella valley vanilla velvet village violet violin waffle wagon walnut walrus water " +
  "willow window winter wizard yellow yogurt zebra zephyr"
).split(" ");
